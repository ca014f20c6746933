using System.Text.Json;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Tests.Objective;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Transformer;

/// <summary>Logits, losses and gradients that transformers or plain float64 loops computed, over every directory there is.</summary>
public sealed class HuggingFaceParityTests
{
    private const double Exact = 1e-10; // float64
    private const double Single = 1e-4; // float32

    [Fact]
    public void Logits_of_sequences_agree_in_float64_and_float32() =>
        ForEach(
            (directory, reference, values) =>
            {
                foreach (
                    (ScalarType dtype, string? suffix, double tolerance) in new[]
                    {
                        (ScalarType.Float64, "logits64", Exact),
                        (ScalarType.Float32, "logits", Single),
                        (ScalarType.Float32, "logits64", Single),
                    }
                )
                {
                    using Decoder decoder = HuggingFaceDirectory.Load(directory, CPU, dtype);
                    foreach (JsonElement sequence in reference.GetProperty("sequences").EnumerateArray())
                    {
                        using DisposeScope scope = NewDisposeScope();
                        string key = $"{sequence.GetProperty("key").GetString()}.{suffix}";
                        if (!values.Contains(key))
                        {
                            continue; // a model of plain float64 has no float32 values
                        }

                        Fixtures.Close(
                            Doubles(values.Read(key)),
                            Doubles(decoder.Forward(Ids(sequence.GetProperty("input_ids")).unsqueeze(0))),
                            tolerance,
                            $"{directory} {key} {dtype}"
                        );
                    }
                }
            }
        );

    [Fact]
    public void Padded_batches_agree_on_either_side() =>
        ForEach(
            (directory, reference, values) =>
            {
                foreach (
                    (ScalarType dtype, string? suffix, double tolerance) in new[]
                    {
                        (ScalarType.Float64, "logits64", Exact),
                        (ScalarType.Float32, "logits", Single),
                    }
                )
                {
                    using Decoder decoder = HuggingFaceDirectory.Load(directory, CPU, dtype);
                    foreach (JsonElement batch in reference.GetProperty("batches").EnumerateArray())
                    {
                        using DisposeScope scope = NewDisposeScope();
                        string key = $"{batch.GetProperty("key").GetString()}.{suffix}";
                        if (!values.Contains(key))
                        {
                            continue; // a batch is stored in the modes it was computed in
                        }

                        (Tensor? ids, Tensor? mask, Tensor? positions) = (
                            Table(batch.GetProperty("input_ids")),
                            Table(batch.GetProperty("attention_mask")),
                            Table(batch.GetProperty("position_ids"))
                        );
                        Tensor kept = mask.unsqueeze(-1);
                        Tensor expected = values.Read(key).to(ScalarType.Float64).mul(kept);
                        Fixtures.Close(
                            Doubles(expected),
                            Doubles(decoder.Forward(ids, positions, mask).mul(kept)),
                            tolerance,
                            $"{directory} {key} masked"
                        );
                        if (batch.GetProperty("side").GetString() == "right")
                        {
                            Fixtures.Close(
                                Doubles(expected),
                                Doubles(decoder.Forward(ids).mul(kept)),
                                tolerance,
                                $"{directory} {key} causal"
                            );
                        }
                    }
                }
            }
        );

    [Fact]
    public void Log_probabilities_of_continuations_agree() =>
        ForEach(
            (directory, reference, _) =>
            {
                foreach (
                    (ScalarType dtype, string? mode, double tolerance) in new[]
                    {
                        (ScalarType.Float64, "f64", Exact),
                        (ScalarType.Float32, "f32", Single),
                    }
                )
                {
                    using Decoder decoder = HuggingFaceDirectory.Load(directory, CPU, dtype);
                    foreach (JsonElement sample in reference.GetProperty("logprobs").EnumerateArray())
                    {
                        using DisposeScope scope = NewDisposeScope();
                        (Tensor? prompt, Tensor? continuation) = (
                            Ids(sample.GetProperty("prompt_ids")),
                            Ids(sample.GetProperty("continuation_ids"))
                        );
                        Tensor hidden = decoder
                            .Hidden(cat([prompt, continuation]).unsqueeze(0))[0]
                            .narrow(0, prompt.shape[0] - 1, continuation.shape[0]);
                        Tensor logProbs = decoder.Logits(hidden).log_softmax(-1).gather(-1, continuation.unsqueeze(-1));
                        Fixtures.Close(
                            Reference.Flat(sample.GetProperty(sample.Has(mode) ? mode : "f64")),
                            Doubles(logProbs),
                            tolerance,
                            $"{directory} log-probabilities {dtype}"
                        );
                    }
                }
            }
        );

    [Fact]
    public void Greedy_tokens_agree_and_end_where_the_model_ends() =>
        ForEach(
            (directory, reference, _) =>
            {
                using Decoder decoder = HuggingFaceDirectory.Load(directory, CPU, ScalarType.Float32);
                IReadOnlyList<int> eos = HuggingFaceDirectory.LoadSpecialTokens(directory).Eos;
                foreach (JsonElement sample in reference.GetProperty("greedy").EnumerateArray())
                {
                    Assert.Equal(Longs(sample.GetProperty("new_ids")), Greedy(decoder, sample, []));
                }

                if (reference.TryGetProperty("greedy_until_eos", out JsonElement ended))
                {
                    Assert.Equal(Longs(ended.GetProperty("new_ids")), Greedy(decoder, ended, eos));
                }
            }
        );

    [Fact]
    public void Loss_and_gradients_agree() =>
        ForEach(
            (directory, reference, _) =>
            {
                JsonElement loss = reference.GetProperty("loss");
                using var gradients = SafetensorsFile.Open(Path.Combine(directory, "gradients.safetensors"));
                foreach (
                    (ScalarType dtype, double lossTolerance, double tolerance) in new[]
                    {
                        (ScalarType.Float64, Exact, Exact),
                        (ScalarType.Float32, 1e-5, 1e-5),
                    }
                )
                {
                    using DisposeScope scope = NewDisposeScope();
                    Decoder decoder = HuggingFaceDirectory.Load(directory, CPU, dtype);
                    (Tensor? ids, Tensor? labels) = (Table(loss.GetProperty("input_ids")), Table(loss.GetProperty("labels")));
                    long length = ids.shape[1];
                    Tensor logits = decoder.Forward(ids).narrow(1, 0, length - 1).flatten(0, 1);
                    Tensor mean = nn.functional.cross_entropy(logits, labels.narrow(1, 1, length - 1).flatten(), ignore_index: -100);
                    Fixtures.Close([loss.GetProperty("f64").GetDouble()], Doubles(mean), lossTolerance, $"{directory} loss {dtype}");

                    mean.backward();
                    Assert.Equal(
                        gradients.Tensors.Select(t => t.Name).Order(StringComparer.Ordinal),
                        decoder.named_parameters().Select(p => p.name).Order(StringComparer.Ordinal)
                    );
                    foreach ((string? name, TorchSharp.Modules.Parameter? parameter) in decoder.named_parameters())
                    {
                        Fixtures.Close(
                            Doubles(gradients.Read(name)),
                            Doubles(parameter.grad!),
                            tolerance,
                            $"{directory} gradient of {name} {dtype}"
                        );
                    }
                }
            }
        );

    [Fact]
    public void Older_configs_give_the_same_model()
    {
        int applied = 0;
        ForEach(
            (directory, _, _) =>
            {
                foreach (string? other in Directory.EnumerateDirectories(directory).Where(d => File.Exists(Path.Combine(d, "config.json"))))
                {
                    applied++;
                    Assert.Equal(HuggingFaceDirectory.LoadConfig(directory), HuggingFaceDirectory.LoadConfig(other));
                }
            }
        );
        Fixtures.Count(applied, 0, "config.json in a directory below a model's");
    }

    private static void ForEach(
        Action<string, JsonElement, SafetensorsFile> check,
        [System.Runtime.CompilerServices.CallerMemberName] string test = ""
    )
    {
        List<string> all = Fixtures.Directories("models/hf");
        Fixtures.Count(all.Count, 0, "every directory", test);
        foreach (string? directory in all)
        {
            using var values = SafetensorsFile.Open(Path.Combine(directory, "reference.safetensors"));
            check(directory, Fixtures.Json(Path.Combine(directory, "reference.json")), values);
        }
    }

    private static List<long> Greedy(Decoder decoder, JsonElement sample, IReadOnlyList<int> eos)
    {
        using IDisposable _ = no_grad();
        int limit = sample.GetProperty("new_ids").GetArrayLength() + (eos.Count > 0 ? 5 : 0);
        List<long> tokens = [.. Longs(sample.GetProperty("prompt_ids"))];
        int prompt = tokens.Count;
        while (tokens.Count - prompt < limit && !(tokens.Count > prompt && eos.Contains((int)tokens[^1])))
        {
            using DisposeScope scope = NewDisposeScope();
            tokens.Add(decoder.Forward(tensor(tokens).unsqueeze(0))[0, -1].argmax().ToInt64());
        }

        return tokens[prompt..];
    }

    private static long[] Longs(JsonElement list) => [.. list.EnumerateArray().Select(v => v.GetInt64())];

    private static Tensor Ids(JsonElement list) => tensor(Longs(list));

    private static Tensor Table(JsonElement rows) => stack(rows.EnumerateArray().Select(Ids));

    private static double[] Doubles(Tensor values) => values.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();
}
