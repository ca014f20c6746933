using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Checkpoints.Gguf;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Tests.Inference;
using ICPO.Actors.Modeling.Tests.Objective;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Checkpoints.Gguf;

/// <summary>Real models against transformers on real prompts; their weights lie beside the fixtures.</summary>
public sealed class RealModelTests
{
    private const double LogProbability = 1e-4;
    private const double Logit = 3e-4; // float32 against float64 is 9e-5 after 30 layers

    private static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromMinutes(5)).Token;

    [Fact]
    public void Dequantised_values_are_equal_bit_for_bit()
    {
        foreach ((string? path, string? directory) in RealModels())
        {
            using var file = GgufFile.Open(path);
            foreach (JsonElement tensor in Fixtures.Json(Path.Combine(directory, "tensors.json")).GetProperty("tensors").EnumerateArray())
            {
                string sha = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(file.Read(tensor.Text("name")).AsSpan())));
                Assert.Equal((tensor.Text("name"), tensor.Text("sha256_f32")), (tensor.Text("name"), sha));
            }
        }
    }

    [Fact]
    public async Task Log_probabilities_logits_and_greedy_tokens_agree()
    {
        foreach ((string? path, string? directory) in RealModels())
        {
            using Decoder decoder = GgufModel.Load(path, CPU, ScalarType.Float32);
            JsonElement reference = Fixtures.Json(Path.Combine(directory, "reference.json"));
            var prompts = reference.GetProperty("prompts").EnumerateArray().ToList();
            foreach (JsonElement sample in prompts.Concat(reference.GetProperty("short").EnumerateArray()))
            {
                CheckSample(decoder, sample);
            }

            using var file = GgufFile.Open(path);
            int[] eos = [.. GgufModel.LoadSpecialTokens(file).Eos];
            await using GenerationEngine engine = new(
                decoder.Config,
                Models.Weights(decoder),
                new PolicyTokenizer(CharacterTokenizer.Create("ab")),
                new EngineSettings { Slots = prompts.Count, Context = 256 },
                new EngineOptions("real")
            );
            int[][] greedy = await Task.WhenAll(prompts.Select(p => Greedy(engine, p, eos)));
            Assert.Equal(prompts.Select(p => Ints(p.GetProperty("greedy").GetProperty("new_ids"))), greedy);
        }
    }

    private static void CheckSample(Decoder decoder, JsonElement sample)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        Tensor ids = tensor(Ints(sample.GetProperty("ids")), ScalarType.Int64);
        Tensor logits = decoder.Forward(ids.unsqueeze(0))[0].to(ScalarType.Float64); // [T, V]
        Tensor logProbs = logits
            .log_softmax(-1)
            .narrow(0, 0, ids.shape[0] - 1)
            .gather(-1, ids.narrow(0, 1, ids.shape[0] - 1).unsqueeze(-1));
        Fixtures.Close(
            Reference.Flat(sample.GetProperty("logprobs_f64")),
            logProbs.flatten().data<double>().ToArray(),
            LogProbability,
            "log-probabilities"
        );
        foreach (
            JsonElement position in sample.TryGetProperty("last_positions", out JsonElement last) ? last.EnumerateArray().ToList() : []
        )
        {
            Tensor row = logits[position.GetProperty("position").GetInt64()];
            double[] top = row.index_select(0, tensor(Ints(position.GetProperty("top_ids")), ScalarType.Int64)).data<double>().ToArray();
            Fixtures.Close(Reference.Flat(position.GetProperty("top_logits_f32")), top, Logit, "logits");
        }
    }

    private static async Task<int[]> Greedy(GenerationEngine engine, JsonElement prompt, int[] eos)
    {
        var sampler = new SamplerSettings
        {
            Temperature = 0,
            MaxTokens = 48,
            StopTokens = [.. eos],
        };
        List<int> tokens = [];
        await foreach (
            GeneratedSequence sequence in engine.GenerateAsync(new([.. Ints(prompt.GetProperty("ids"))], [1], sampler), Deadline)
        )
        {
            tokens.AddRange(sequence.Tokens);
        }

        return [.. tokens];
    }

    /// <summary>Fixture directories that name a file which is there.</summary>
    private static List<(string Path, string Directory)> RealModels([System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        string[] described = Directory.GetFiles(Fixtures.Require("models"), "tensors.json", SearchOption.AllDirectories);
        Dictionary<string, string> weights = Directory
            .GetFiles(Fixtures.Require("../models"), "*.gguf", SearchOption.AllDirectories)
            .ToDictionary(p => Path.GetFileName(p));
        List<(string, string)> found =
        [
            .. described
                .Where(d => weights.ContainsKey(Fixtures.Json(d).Text("file")))
                .Select(d => (weights[Fixtures.Json(d).Text("file")], Path.GetDirectoryName(d)!)),
        ];
        Assert.SkipWhen(found.Count == 0, "The optional weights of a real model are not in ../models beside the fixtures (ICPO_FIXTURES).");
        Fixtures.Count(found.Count, described.Length - found.Count, "weights that are not there", test);
        return found;
    }

    private static int[] Ints(JsonElement list) => [.. list.EnumerateArray().Select(v => v.GetInt32())];
}
