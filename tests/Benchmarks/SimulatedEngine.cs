using System.Runtime.CompilerServices;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Benchmarks;

/// <summary>An engine that computes nothing.</summary>
/// <param name="slots">Sequences at once.</param>
/// <param name="tokens">Of each response.</param>
/// <param name="duration">Of each response; zero measures coordination alone.</param>
internal sealed class SimulatedEngine(int slots, int tokens, TimeSpan duration) : IGenerationEngine
{
    /// <summary>It holds every version, so leases never wait for weights.</summary>
    public PolicyVersion Version { get; } = new(long.MaxValue);

    public int Slots => slots;

    public async IAsyncEnumerable<GeneratedSequence> GenerateAsync(
        GenerationRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await Task.Yield();
        if (duration > TimeSpan.Zero)
        {
            await Task.Delay(duration, cancellationToken);
        }

        for (int sibling = 0; sibling < request.Seeds.Length; sibling++)
        {
            int answer = '0' + (int)(request.Seeds[sibling] % 2);
            yield return new GeneratedSequence(
                sibling,
                [answer, .. Enumerable.Repeat((int)'x', tokens - 1)],
                [.. Enumerable.Repeat(-0.5f, tokens)],
                [.. Enumerable.Repeat(0L, tokens)],
                FinishReason.Stop
            );
        }
    }

    public Task SwapAsync(PolicySnapshot snapshot, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => default;
}
