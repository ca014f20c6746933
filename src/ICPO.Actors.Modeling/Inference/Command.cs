using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>A command for the engine's thread.</summary>
internal abstract class Command
{
    /// <summary>Reports to the caller that the engine ended.</summary>
    public abstract void Fail(Exception reason);
}

/// <summary>Starts a request.</summary>
internal sealed class OpenCommand(OpenRequest request) : Command
{
    public OpenRequest Request => request;

    public override void Fail(Exception reason) => request.Fail(reason);
}

/// <summary>Replaces the weights; the file was already verified.</summary>
/// <param name="snapshot">The published weights.</param>
/// <param name="loaded">The weights, where they are loaded already; null loads them into place.</param>
/// <param name="cancellationToken">Cancels the swap before it has started.</param>
internal sealed class SwapCommand(PolicySnapshot snapshot, WeightSets.Loaded? loaded, CancellationToken cancellationToken) : Command
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PolicySnapshot Snapshot => snapshot;

    public WeightSets.Loaded? Loaded => loaded;

    /// <summary>Completes when the next token will use the weights.</summary>
    public Task Done => _done.Task;

    /// <summary>True once the caller canceled; the weights are then not loaded.</summary>
    public bool IsCancelled => cancellationToken.IsCancellationRequested;

    public void Complete() => _done.TrySetResult();

    public override void Fail(Exception reason) => _done.TrySetException(reason);
}
