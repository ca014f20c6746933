using System.Runtime.CompilerServices;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Cluster.Telemetry;

/// <summary>Counts the sequences and weights of an engine of a node.</summary>
/// <param name="engine">The wrapped engine.</param>
/// <param name="meter">The meter of the node.</param>
/// <param name="loaded">Called when the engine has loaded a version of the weights.</param>
internal sealed class MeteredEngine(IGenerationEngine engine, NodeMeter meter, Action<PolicyVersion> loaded) : IGenerationEngine
{
    public PolicyVersion Version => engine.Version;

    public int Slots => engine.Slots;

    public long Steps => engine.Steps;

    public string? Note => engine.Note;

    public async IAsyncEnumerable<GeneratedSequence> GenerateAsync(
        GenerationRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (GeneratedSequence sequence in engine.GenerateAsync(request, cancellationToken).ConfigureAwait(false))
        {
            meter.Sampled(sequence.Tokens.Length);
            yield return sequence;
        }
    }

    public async Task SwapAsync(PolicySnapshot snapshot, CancellationToken cancellationToken)
    {
        await engine.SwapAsync(snapshot, cancellationToken).ConfigureAwait(false);
        meter.Loaded(snapshot.Version.Value);
        loaded(snapshot.Version);
    }

    public ValueTask DisposeAsync() => engine.DisposeAsync();
}
