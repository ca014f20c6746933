using System.Runtime.InteropServices;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Transformer;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Inference;

/// <summary>Engines whose device has too little memory.</summary>
public sealed class ScarceMemoryTests
{
    private const int Slots = 8;
    private static readonly DecoderConfig Config = Models.Shapes[0];

    [Theory]
    [InlineData("CUDA out of memory. Tried to allocate 2.00 GiB")]
    [InlineData("DefaultCPUAllocator: can't allocate memory: you tried to allocate 4 bytes.")]
    public async Task Once_out_of_memory_it_goes_on_with_half_as_many_sequences_and_every_sibling_comes_once(string message)
    {
        int calls = 0,
            most = 0;
        Dictionary<int, GeneratedSequence> plain = await GenerateAsync(_ => { });
        Dictionary<int, GeneratedSequence> scarce = await GenerateAsync(
            rows =>
            {
                calls++;
                if (calls == 6)
                {
                    throw new LibtorchException(message);
                }

                most = calls > 6 ? Math.Max(most, rows) : most;
            },
            engine => Assert.Equal(Slots / 2, engine.Slots)
        );
        Assert.InRange(most, 1, Slots / 2);
        Assert.Equal(plain.Keys.Order(), scarce.Keys.Order());
        Assert.All(plain, pair => Assert.Equal(pair.Value.Tokens, scarce[pair.Key].Tokens));
    }

    [Fact]
    public async Task Out_of_memory_with_half_as_many_too_it_ends_in_a_sentence()
    {
        InsufficientMemoryException e = await Assert.ThrowsAsync<InsufficientMemoryException>(() =>
            GenerateAsync(rows =>
            {
                if (rows > 3)
                {
                    throw new InsufficientMemoryException();
                }
            })
        );
        Assert.Matches(@"\b4\b.*engine\.slots", e.Message);
    }

    [Fact]
    public async Task Without_memory_for_a_second_set_of_weights_new_ones_are_loaded_into_place_and_the_engine_says_so()
    {
        using Decoder decoder = Models.Random(Config, 1);
        using TemporaryFolder folder = new();
        WrittenFile written = SafetensorsWriter.Write(folder.In("policy-1.safetensors"), Models.Weights(decoder));
        var session = DecodeSession.Create(Config, Slots + 1, 32, CPU, ScalarType.Float32);
        session.Weights.Load(Models.Weights(decoder), "scarce");
        await using GenerationEngine engine = new(
            new ScarceSession(Config, session, _ => { }),
            new NoText(),
            new EngineSettings { Slots = Slots, Swap = SwapMode.Auto },
            new EngineOptions("scarce")
        );
        var request = new GenerationRequest(
            [1],
            [.. Enumerable.Range(0, 20_000).Select(n => (ulong)n)],
            new SamplerSettings { MaxTokens = 8 }
        );
        await using IAsyncEnumerator<GeneratedSequence> busy = engine.GenerateAsync(request, CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await busy.MoveNextAsync());
        Assert.Null(engine.Note);
        for (int version = 1; version <= 2; version++)
        {
            var snapshot = new PolicySnapshot(
                new PolicyVersion(version),
                default,
                folder.In("policy-1.safetensors"),
                written.Sha256,
                written.Length
            );
            await engine.SwapAsync(snapshot, CancellationToken.None);
            Assert.Equal(version, engine.Version.Value);
            Assert.Contains("scarce", engine.Note, StringComparison.Ordinal);
        }
    }

    /// <summary>Two requests of one-token prompts whose siblings share the slots.</summary>
    private static async Task<Dictionary<int, GeneratedSequence>> GenerateAsync(
        Action<int> beforeForward,
        Action<GenerationEngine>? check = null
    )
    {
        using Decoder decoder = Models.Random(Config, 1);
        var session = DecodeSession.Create(Config, Slots + 1, 32, CPU, ScalarType.Float32);
        session.Weights.Load(Models.Weights(decoder), "scarce");
        await using GenerationEngine engine = new(
            new ScarceSession(Config, session, beforeForward),
            new NoText(),
            new EngineSettings { Slots = Slots },
            new EngineOptions("scarce")
        );
        Dictionary<int, GeneratedSequence>[] all = await Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(async request =>
                {
                    var sequences = new Dictionary<int, GeneratedSequence>();
                    ulong[] seeds = [.. Enumerable.Range(0, 6).Select(sibling => (ulong)(10 * request + sibling))];
                    await foreach (
                        GeneratedSequence sequence in engine.GenerateAsync(
                            new GenerationRequest([1 + request], [.. seeds], new SamplerSettings { MaxTokens = 3 + (2 * request) }),
                            CancellationToken.None
                        )
                    )
                    {
                        sequences.Add((10 * request) + sequence.Sibling, sequence);
                    }

                    return sequences;
                })
        );
        check?.Invoke(engine);
        return all.SelectMany(sequences => sequences).ToDictionary();
    }

    /// <summary>What TorchSharp throws is an <see cref="ExternalException"/> with libtorch's message.</summary>
    private sealed class LibtorchException(string message) : ExternalException(message);

    private sealed class ScarceSession(DecoderConfig config, DecodeSession inner, Action<int> beforeForward)
        : DecodeSession(config, inner.Slots, inner.Context)
    {
        public override InferenceWeights Weights => inner.Weights;

        public override ReadOnlySpan<float> Forward(ReadOnlySpan<Row> rows, ReadOnlySpan<int> wanted)
        {
            beforeForward(rows.Length);
            return inner.Forward(rows, wanted);
        }

        public override InferenceWeights Allocate() => throw new LibtorchException("CUDA out of memory. Tried to allocate 2.00 GiB");

        public override void Use(InferenceWeights weights) => inner.Use(weights);

        public override void CopyPrefix(int from, int to, int length) => inner.CopyPrefix(from, to, length);

        public override void Dispose() => inner.Dispose();
    }

    private sealed class NoText : ITokenizer
    {
        public int VocabularySize => Config.VocabSize;

        public int[] Encode(string text) => throw new NotSupportedException();

        public string Decode(ReadOnlySpan<int> tokens) => throw new NotSupportedException();
    }
}
