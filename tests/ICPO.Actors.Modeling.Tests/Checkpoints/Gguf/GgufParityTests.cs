using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using ICPO.Actors.Modeling.Checkpoints.Gguf;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Tests.Objective;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Checkpoints.Gguf;

/// <summary>
/// GGUF files against the values gguf-py dequantises and the logits transformers computes from them, over every file there is.
/// </summary>
public sealed class GgufParityTests
{
    private const double Single = 1e-4;

    [Fact]
    public void Dequantised_values_are_equal_bit_for_bit()
    {
        (int applied, int skipped) = (0, 0);
        foreach ((string? path, List<JsonElement>? tensors) in Files())
        {
            using var file = GgufFile.Open(path);
            Assert.Equal(tensors.Select(t => t.Text("name")), file.Tensors.Select(t => t.Name));
            foreach (JsonElement tensor in tensors)
            {
                GgufTensor entry = file.Find(tensor.Text("name"))!;
                Assert.Equal(tensor.Text("type"), entry.Type.Name);
                Assert.Equal(tensor.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()), entry.Shape);
                if (!entry.Type.IsReadable)
                {
                    skipped++;
                    Assert.Contains(entry.Type.Name, Assert.Throws<InvalidDataException>(() => file.Read(entry.Name)).Message);
                    continue;
                }

                applied++;
                Assert.Equal(tensor.Text("sha256_f32"), Sha256(file.Read(entry.Name)));
            }
        }

        Fixtures.Count(applied, skipped, "storage types that no supported model has");
    }

    [Fact]
    public void Decoders_hold_the_values_in_the_order_of_hugging_face()
    {
        int applied = 0;
        ForEachModel(
            (directory, path, reference, _) =>
            {
                using Decoder decoder = GgufModel.Load(path, CPU, ScalarType.Float32);
                DecoderConfig expected = HuggingFaceConfig.Read(Path.Combine(directory, "hf_config.json")).Config;
                Assert.Equal(expected with { InitializerRange = 0.02 }, decoder.Config);
                var parameters = decoder.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
                foreach (
                    JsonElement tensor in reference
                        .GetProperty("tensors")
                        .EnumerateArray()
                        .Where(t => t.GetProperty("hf_name").ValueKind == JsonValueKind.String)
                )
                {
                    applied++;
                    string? sha = tensor.TryGetProperty("sha256_f32_hf", out JsonElement unpermuted)
                        ? unpermuted.GetString()
                        : tensor.Text("sha256_f32");
                    Assert.Equal(sha, Sha256(parameters[tensor.Text("hf_name")].data<float>().ToArray()));
                }
            }
        );
        Fixtures.Count(applied, 0, "every tensor with a Hugging Face name");
    }

    [Fact]
    public void Logits_and_greedy_tokens_agree() =>
        ForEachModel(
            (_, path, reference, values) =>
            {
                using Decoder decoder = GgufModel.Load(path, CPU, ScalarType.Float32);
                string type = reference.Text("type");
                foreach ((long[]? sequence, int j) in values.Sequences.Select((s, j) => (s, j)))
                {
                    using DisposeScope scope = NewDisposeScope();
                    using IDisposable constant = no_grad();
                    double[] logits = decoder
                        .Forward(tensor(sequence).unsqueeze(0))[0]
                        .to(ScalarType.Float64)
                        .flatten()
                        .data<double>()
                        .ToArray();
                    double[] expected = values
                        .Tensors.Read($"{type}.seq{j}.logits")
                        .to(ScalarType.Float64)
                        .flatten()
                        .data<double>()
                        .ToArray();
                    Fixtures.Close(expected, logits, Single, $"{path} sequence {j}");
                }

                JsonElement greedy = reference.GetProperty("greedy");
                Assert.Equal(
                    Longs(greedy.GetProperty("new_ids")),
                    Greedy(decoder, Longs(greedy.GetProperty("prompt_ids")), greedy.GetProperty("new_ids").GetArrayLength())
                );
            }
        );

    [Fact]
    public void Metadata_of_every_kind_comes_back()
    {
        int applied = 0;
        foreach (string directory in Directory.GetDirectories(Fixtures.Require("models/gguf")))
        {
            JsonElement reference = Fixtures.Json(Path.Combine(directory, "reference.json"));
            if (!reference.Has("metadata"))
            {
                continue;
            }

            using var file = GgufFile.Open(Path.Combine(directory, reference.Text("file")));
            foreach (JsonProperty expected in reference.GetProperty("metadata").EnumerateObject())
            {
                applied++;
                object actual = file.Metadata(expected.Name) ?? "nothing";
                Assert.True(Same(expected.Value, actual), $"{expected.Name}: {actual} where {expected.Value} is expected");
            }
        }

        Fixtures.Count(applied, 0, "every key of a reference with metadata");
    }

    private static bool Same(JsonElement expected, object actual) =>
        (expected.ValueKind, actual) switch
        {
            (JsonValueKind.Array, Array list) => list.Length == expected.GetArrayLength()
                && list.Cast<object>().Zip(expected.EnumerateArray()).All(p => Same(p.Second, p.First)),
            (JsonValueKind.Number, float single) => (float)expected.GetDouble() == single,
            (JsonValueKind.Number, _) => expected.GetRawText() == actual.ToString(),
            (JsonValueKind.True or JsonValueKind.False, bool flag) => expected.GetBoolean() == flag,
            (JsonValueKind.String, _) => expected.GetString() == actual.ToString(), // 64-bit numbers are written as text
            _ => false,
        };

    private static List<long> Greedy(Decoder decoder, long[] prompt, int count)
    {
        using IDisposable _ = no_grad();
        List<long> tokens = [.. prompt];
        for (int i = 0; i < count; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            tokens.Add(decoder.Forward(tensor(tokens).unsqueeze(0))[0, -1].argmax().ToInt64());
        }

        return tokens[prompt.Length..];
    }

    private static IEnumerable<(string Path, List<JsonElement> Tensors)> Files()
    {
        foreach (string? directory in Directory.GetDirectories(Fixtures.Require("models/gguf")).Order(StringComparer.Ordinal))
        {
            JsonElement reference = Fixtures.Json(Path.Combine(directory, "reference.json"));
            foreach (JsonElement file in reference.Has("files") ? reference.GetProperty("files").EnumerateArray().ToList() : [reference])
            {
                yield return (Path.Combine(directory, file.Text("file")), [.. file.GetProperty("tensors").EnumerateArray()]);
            }
        }
    }

    private static void ForEachModel(
        Action<string, string, JsonElement, (SafetensorsFile Tensors, List<long[]> Sequences)> check,
        [System.Runtime.CompilerServices.CallerMemberName] string test = ""
    )
    {
        (int applied, int skipped) = (0, 0);
        foreach (string? directory in Directory.GetDirectories(Fixtures.Require("models/gguf")).Order(StringComparer.Ordinal))
        {
            JsonElement reference = Fixtures.Json(Path.Combine(directory, "reference.json"));
            if (!reference.Has("files"))
            {
                skipped++;
                continue;
            }

            using var values = SafetensorsFile.Open(Path.Combine(directory, "reference.safetensors"));
            List<long[]> sequences = [.. reference.GetProperty("sequences").EnumerateArray().Select(Longs)];
            foreach (JsonElement file in reference.GetProperty("files").EnumerateArray())
            {
                applied++;
                check(directory, Path.Combine(directory, file.Text("file")), file, (values, sequences));
            }
        }

        Fixtures.Count(applied, skipped, "directories that hold no model", test);
    }

    private static string Sha256(float[] values) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan())));

    private static long[] Longs(JsonElement list) => [.. list.EnumerateArray().Select(v => v.GetInt64())];
}
