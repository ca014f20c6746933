using System.Runtime.CompilerServices;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;

namespace TestSupport;

/// <summary>Samples responses from the seed and the weights alone: digits and an end of line.</summary>
public sealed class HashEngine : IGenerationEngine
{
    private ulong _weights = Seed.Derive(0, "base");

    public PolicyVersion Version { get; private set; }

    public int Slots { get; init; } = 8;

    public long Steps => Progress();

    /// <summary>What the engine reports as its progress.</summary>
    public Func<long> Progress { get; init; } = () => 0;

    /// <summary>Runs before a request is sampled; a test blocks the engine with it or makes it fail.</summary>
    public Func<GenerationRequest, CancellationToken, Task> BeforeSampling { get; init; } = (_, _) => Task.CompletedTask;

    public async IAsyncEnumerable<GeneratedSequence> GenerateAsync(
        GenerationRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await BeforeSampling(request, cancellationToken);
        for (int sibling = 0; sibling < request.Seeds.Length; sibling++)
        {
            var random = new RandomStream(Seed.Derive(request.Seeds[sibling], _weights));
            int[] tokens = [.. Enumerable.Range(0, 1 + random.NextInt(4)).Select(_ => '0' + random.NextInt(2)), '\n'];
            yield return new GeneratedSequence(
                sibling,
                [.. tokens],
                [.. tokens.Select(_ => (float)-random.NextDouble())],
                [.. tokens.Select(_ => Version.Value)],
                cancellationToken.IsCancellationRequested ? FinishReason.Cancelled : FinishReason.Stop
            );
        }
    }

    public async Task SwapAsync(PolicySnapshot snapshot, CancellationToken cancellationToken)
    {
        string weights = await File.ReadAllTextAsync(snapshot.Path, cancellationToken);
        if (weights.Length == 0)
        {
            throw new InvalidDataException($"{snapshot.Path} is empty.");
        }

        _weights = Seed.Derive(0, weights);
        Version = snapshot.Version;
    }

    public ValueTask DisposeAsync() => default;
}
