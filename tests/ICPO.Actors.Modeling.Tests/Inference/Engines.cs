using System.Security.Cryptography;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Inference;

/// <summary>Engines of small random models, and what is asked of them.</summary>
internal static class Engines
{
    public static readonly DecoderConfig Config = Models.Shapes[0];

    public static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    /// <summary>All sequences of a request in the order in which they come.</summary>
    public static async Task<GeneratedSequence[]> CollectAsync(
        IGenerationEngine engine,
        GenerationRequest request,
        CancellationToken cancellationToken
    )
    {
        List<GeneratedSequence> sequences = [];
        await foreach (GeneratedSequence sequence in engine.GenerateAsync(request, cancellationToken))
        {
            sequences.Add(sequence);
        }

        return [.. sequences];
    }

    /// <summary>A request with a random prompt.</summary>
    public static GenerationRequest Request(int seed, int prompt, int siblings, SamplerSettings sampler)
    {
        var random = new RandomStream((ulong)seed + 100);
        return new GenerationRequest(
            [.. Enumerable.Range(0, prompt).Select(_ => random.NextInt(Config.VocabSize))],
            [.. Enumerable.Range(0, siblings).Select(sibling => Seed.Derive((ulong)seed, (ulong)sibling))],
            sampler
        );
    }

    public static GenerationEngine Engine(Decoder decoder, int slots, bool isolate = false, long version = 0, int context = 0) =>
        new(
            decoder.Config,
            Models.Weights(decoder),
            new Letters(),
            new EngineSettings { Slots = slots, Context = context },
            new EngineOptions("test") { Version = new PolicyVersion(version), IsolateRequests = isolate }
        );

    /// <summary>log π of the sampled tokens by one pass over prompt and response.</summary>
    public static double[] Score(Decoder decoder, GenerationRequest request, GeneratedSequence sequence)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        Tensor tokens = tensor((int[])[.. request.Prompt, .. sequence.Tokens], ScalarType.Int64);
        Tensor all = nn.functional.log_softmax(decoder.Forward(tokens.unsqueeze(0))[0].to(ScalarType.Float64), -1);
        int start = request.Prompt.Length;
        return [.. sequence.Tokens.Select((token, at) => all[start + at - 1, token].item<double>())];
    }

    public static PolicySnapshot Publish(Decoder decoder, string path, long version)
    {
        SafetensorsWriter.Write(path, Models.Weights(decoder));
        return Snapshot(path, version);
    }

    public static PolicySnapshot Snapshot(string path, long version) =>
        new(
            new PolicyVersion(version),
            default,
            path,
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))),
            new FileInfo(path).Length
        );

    /// <summary>Everything about a sequence, to the bit.</summary>
    public static string Describe(GeneratedSequence sequence) =>
        $"{sequence.Sibling}: {string.Join(',', sequence.Tokens)} "
        + $"{string.Join(',', sequence.LogProbs.Select(BitConverter.SingleToInt32Bits))} {sequence.Finish}";

    /// <summary>Token i is a letter of a small alphabet.</summary>
    public sealed class Letters : ITokenizer
    {
        public int VocabularySize => Config.VocabSize;

        public int[] Encode(string text) => [.. text.Select(letter => letter - 'a')];

        public string Decode(ReadOnlySpan<int> tokens) => string.Create(tokens.Length, tokens, (text, from) =>
            {
                for (int at = 0; at < from.Length; at++)
                {
                    text[at] = (char)('a' + from[at] % 5);
                }
            });
    }
}
