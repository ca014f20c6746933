using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
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
