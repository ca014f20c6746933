using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Cluster.Files;

/// <summary>An engine whose weights come from another process: they are fetched before they are loaded.</summary>
internal sealed class FetchingEngine(IGenerationEngine engine, WeightsCache weights) : IGenerationEngine
{
    public PolicyVersion Version => engine.Version;

    public int Slots => engine.Slots;

    public long Steps => engine.Steps;

    public string? Note => engine.Note;

    public IAsyncEnumerable<GeneratedSequence> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken) =>
        engine.GenerateAsync(request, cancellationToken);

    public async Task SwapAsync(PolicySnapshot snapshot, CancellationToken cancellationToken)
    {
        PolicySnapshot local = await weights.GetAsync(snapshot, cancellationToken).ConfigureAwait(false);
        await engine.SwapAsync(local, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => engine.DisposeAsync();
}
