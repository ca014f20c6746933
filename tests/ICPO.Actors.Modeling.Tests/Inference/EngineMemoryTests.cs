using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Transformer;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Inference;

/// <summary>Counts live tensors, which are the whole process's: nothing else may run beside these tests.</summary>
[CollectionDefinition(nameof(EngineMemoryTests), DisableParallelization = true)]
[Collection(nameof(EngineMemoryTests))]
public sealed class EngineMemoryTests
{
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public async Task Live_tensors_stay_the_same_over_many_requests_and_are_gone_after_dispose(ScalarType dtype)
    {
        DecoderConfig config = Models.Shapes[0];
        using Decoder decoder = Models.Random(config, 1);
        Dictionary<string, Tensor> weights = Models.Weights(decoder);
        // What earlier tests left to the finaliser must not go while we count.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = Tensor.TotalCount;
        await using (
            GenerationEngine engine = new(
                config,
                weights,
                new NoText(config.VocabSize),
                new EngineSettings { Slots = 4 },
                new EngineOptions("memory") { Dtype = dtype }
            )
        )
        {
            await GenerateAsync(engine, 0);
            long held = await SettledAsync(engine);
            for (ulong round = 1; round <= 30; round++)
            {
                await GenerateAsync(engine, round);
            }

            Assert.Equal(held, await SettledAsync(engine));
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public async Task Swaps_while_sequences_are_decoded_keep_two_sets_of_weights_and_no_more()
    {
        DecoderConfig config = Models.Shapes[0];
        using Decoder decoder = Models.Random(config, 1);
        using TemporaryFolder folder = new();
        PolicySnapshot snapshot = Publish(decoder, folder.In("policy-1.safetensors"));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = Tensor.TotalCount;
        await using (
            GenerationEngine engine = new(
                config,
                Models.Weights(decoder),
                new NoText(config.VocabSize),
                new EngineSettings { Slots = 4, Swap = SwapMode.Beside },
                new EngineOptions("memory")
            )
        )
        {
            await GenerateAsync(engine, 0);
            long one = await SettledAsync(engine);
            await SwapInFlightAsync(engine, snapshot);
            long two = await SettledAsync(engine);
            Assert.True(two > one);
            for (int swap = 0; swap < 10; swap++)
            {
                await SwapInFlightAsync(engine, snapshot);
            }

            Assert.Equal(two, await SettledAsync(engine));
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_second_set_of_weights_is_counted_where_it_is_used()
    {
        var pause = EngineMemory.Estimate(Models.Shapes[0], new EngineSettings { Swap = SwapMode.Pause }, onCpu: true, half: false);
        var beside = EngineMemory.Estimate(Models.Shapes[0], new EngineSettings { Swap = SwapMode.Beside }, onCpu: true, half: false);
        Assert.Equal(pause.Total + (4 * Models.Shapes[0].ParameterCount), beside.Total);
    }

    private static async Task SwapInFlightAsync(GenerationEngine engine, PolicySnapshot snapshot)
    {
        using var end = new CancellationTokenSource();
        long before = engine.Steps;
        var request = new GenerationRequest(
            [1, 2, 3],
            [.. Enumerable.Range(0, 10_000).Select(seed => (ulong)seed)],
            new SamplerSettings { MaxTokens = 12 }
        );
        IAsyncEnumerator<GeneratedSequence> sequences = engine.GenerateAsync(request, end.Token).GetAsyncEnumerator(end.Token);
        Assert.True(await sequences.MoveNextAsync());
        await engine.SwapAsync(snapshot, CancellationToken.None);
        Assert.True(engine.Steps > before);
        await sequences.DisposeAsync();
    }

    private static PolicySnapshot Publish(Decoder decoder, string path)
    {
        WrittenFile written = SafetensorsWriter.Write(path, Models.Weights(decoder));
        return new PolicySnapshot(new PolicyVersion(1), default, path, written.Sha256, written.Length);
    }

    /// <summary>The count after a swap was refused: by then the engine's thread is between two steps and nothing is in flight.</summary>
    private static async Task<long> SettledAsync(GenerationEngine engine)
    {
        string path = Path.GetTempFileName();
        string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData([]));
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            engine.SwapAsync(new PolicySnapshot(default, default, path, hash, 0), CancellationToken.None)
        );
        File.Delete(path);
        return Tensor.TotalCount;
    }

    private static async Task GenerateAsync(GenerationEngine engine, ulong seed)
    {
        var request = new GenerationRequest(
            [1, 2, 3],
            [seed, seed + 100, seed + 200, seed + 300, seed + 400],
            new SamplerSettings { MaxTokens = 12 }
        );
        await foreach (GeneratedSequence sequence in engine.GenerateAsync(request, CancellationToken.None))
        {
            Assert.Equal(12, sequence.Tokens.Length);
        }
    }

    private sealed class NoText(int vocabularySize) : ITokenizer
    {
        public int VocabularySize => vocabularySize;

        public int[] Encode(string text) => throw new NotSupportedException();

        public string Decode(ReadOnlySpan<int> tokens) => throw new NotSupportedException();
    }
}
