using System.Text.Json;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Lora;
using ICPO.Actors.Modeling.Tests.Objective;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Lora;

/// <summary>Adapters against values that PEFT computed, over every directory there is.</summary>
public sealed class PeftParityTests
{
    private const double Exact = 1e-10; // float64
    private const double Single = 1e-4; // float32

    private static readonly (ScalarType Dtype, string Suffix, double Tolerance)[] Modes =
    [
        (ScalarType.Float64, "logits64", Exact),
        (ScalarType.Float32, "logits", Single),
    ];

    [Fact]
    public void Logits_agree_with_the_adapter_applied_and_merged() =>
        ForEach(
            (directory, model, reference, values) =>
            {
                foreach ((ScalarType dtype, string? suffix, double tolerance) in Modes)
                {
                    using Decoder decoder = HuggingFaceDirectory.Load(model, CPU, dtype);
                    using var adapter = LoraAdapter.Load(decoder, directory);
                    Compare(suffix, tolerance, dtype);
                    adapter.Merge();
                    Assert.Null(decoder.Adapter);
                    Compare($"merged_{suffix}", tolerance, dtype);

                    void Compare(string kind, double limit, ScalarType type)
                    {
                        foreach (JsonElement sequence in reference.GetProperty("sequences").EnumerateArray())
                        {
                            using DisposeScope scope = NewDisposeScope();
                            string key = $"{sequence.Text("key")}.{kind}";
                            Fixtures.Close(
                                Doubles(values.Read(key)),
                                Doubles(decoder.Forward(Ids(sequence.GetProperty("input_ids")).unsqueeze(0))),
                                limit,
                                $"{directory} {key} {type}"
                            );
                        }
                    }
                }
            }
        );

    [Fact]
    public void Padded_batches_and_log_probabilities_agree() =>
        ForEach(
            (directory, model, reference, values) =>
            {
                foreach ((ScalarType dtype, string? suffix, double tolerance) in Modes)
                {
                    using Decoder decoder = HuggingFaceDirectory.Load(model, CPU, dtype);
                    using var adapter = LoraAdapter.Load(decoder, directory);
                    foreach (JsonElement batch in reference.GetProperty("batches").EnumerateArray())
                    {
                        using DisposeScope scope = NewDisposeScope();
                        string key = $"{batch.Text("key")}.{suffix}";
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
                        Fixtures.Close(
                            Doubles(values.Read(key).mul(kept)),
                            Doubles(decoder.Forward(ids, positions, mask).mul(kept)),
                            tolerance,
                            $"{directory} {key}"
                        );
                    }

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
                            Reference.Flat(sample.GetProperty("f64")),
                            Doubles(logProbs),
                            tolerance,
                            $"{directory} log-probabilities {dtype}"
                        );
                    }
                }
            }
        );

    [Fact]
    public void Greedy_tokens_agree() =>
        ForEach(
            (directory, model, reference, _) =>
            {
                using Decoder decoder = HuggingFaceDirectory.Load(model, CPU, ScalarType.Float32);
                using var adapter = LoraAdapter.Load(decoder, directory);
                using IDisposable constant = no_grad();
                foreach (JsonElement sample in reference.GetProperty("greedy").EnumerateArray())
                {
                    List<long> tokens = [.. Longs(sample.GetProperty("prompt_ids"))];
                    foreach (long expected in Longs(sample.GetProperty("new_ids")))
                    {
                        using DisposeScope scope = NewDisposeScope();
                        tokens.Add(decoder.Forward(tensor(tokens).unsqueeze(0))[0, -1].argmax().ToInt64());
                        Assert.Equal(expected, tokens[^1]);
                    }
                }
            }
        );

    [Fact]
    public void Loss_and_gradients_agree_and_only_the_adapter_has_gradients() =>
        ForEach(
            (directory, model, reference, _) =>
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
                    using Decoder decoder = HuggingFaceDirectory.Load(model, CPU, dtype);
                    using var adapter = LoraAdapter.Load(decoder, directory);
                    (Tensor? ids, Tensor? labels) = (Table(loss.GetProperty("input_ids")), Table(loss.GetProperty("labels")));
                    long length = ids.shape[1];
                    Tensor mean = nn.functional.cross_entropy(
                        decoder.Forward(ids).narrow(1, 0, length - 1).flatten(0, 1),
                        labels.narrow(1, 1, length - 1).flatten(),
                        ignore_index: -100
                    );
                    Fixtures.Close([loss.GetProperty("f64").GetDouble()], Doubles(mean), lossTolerance, $"{directory} loss {dtype}");

                    mean.backward();
                    Assert.Equal(
                        gradients.Tensors.Select(t => t.Name).Order(StringComparer.Ordinal),
                        adapter.Parameters.Select(p => p.Name)
                    );
                    Assert.All(decoder.named_parameters(), p => Assert.True(p.parameter.grad is null));
                    foreach ((string? name, TorchSharp.Modules.Parameter? parameter) in adapter.Parameters)
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
    public void A_saved_adapter_has_the_bytes_and_the_meaning_of_the_one_that_was_loaded() =>
        ForEach(
            (directory, model, _, _) =>
            {
                using var folder = new TemporaryFolder();
                string copy = Path.Combine(folder.Path, "adapter");
                using (Decoder decoder = HuggingFaceDirectory.Load(model, CPU, ScalarType.Float32))
                {
                    using var adapter = LoraAdapter.Load(decoder, directory);
                    adapter.Save(copy, "base");
                }

                using var before = SafetensorsFile.Open(Path.Combine(directory, LoraAdapter.Weights));
                using var after = SafetensorsFile.Open(Path.Combine(copy, LoraAdapter.Weights));
                Assert.Equal(
                    before.Tensors.Select(t => (t.Name, t.Dtype, string.Join(',', t.Shape))).Order(),
                    after.Tensors.Select(t => (t.Name, t.Dtype, string.Join(',', t.Shape))).Order()
                );
                Assert.All(before.Tensors, t => Assert.True(before.Bytes(t.Name).SequenceEqual(after.Bytes(t.Name)), t.Name));

                (JsonElement one, JsonElement other) = (
                    Fixtures.Json(Path.Combine(directory, "adapter_config.json")),
                    Fixtures.Json(Path.Combine(copy, "adapter_config.json"))
                );
                Assert.All(other.EnumerateObject().Where(p => p.Name is not "base_model_name_or_path"), p =>
                    Assert.Equal(
                        one.GetProperty(p.Name).ToString().Replace(" ", "").Replace("\n", ""),
                        p.Value.ToString().Replace(" ", "").Replace("\n", "")
                    )
                );
            }
        );

    private static void ForEach(
        Action<string, string, JsonElement, SafetensorsFile> check,
        [System.Runtime.CompilerServices.CallerMemberName] string test = ""
    )
    {
        var all = Directory.GetDirectories(Fixtures.Require("models/lora")).Order(StringComparer.Ordinal).ToList();
        Fixtures.Count(all.Count, 0, "every directory", test);
        foreach (string? directory in all)
        {
            JsonElement reference = Fixtures.Json(Path.Combine(directory, "reference.json"));
            using var values = SafetensorsFile.Open(Path.Combine(directory, "reference.safetensors"));
            check(directory, Path.GetFullPath(Path.Combine(directory, reference.Text("base"))), reference, values);
        }
    }

    private static long[] Longs(JsonElement list) => [.. list.EnumerateArray().Select(v => v.GetInt64())];

    private static Tensor Ids(JsonElement list) => tensor(Longs(list));

    private static Tensor Table(JsonElement rows) => stack(rows.EnumerateArray().Select(Ids));

    private static double[] Doubles(Tensor values) => values.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();
}
