using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>What a caller leaves for the engine's thread.</summary>
internal abstract class Command
{
    /// <summary>Tells the caller that the engine has ended.</summary>
    public abstract void Fail(Exception reason);
}

/// <summary>Take on a request.</summary>
internal sealed class OpenCommand(OpenRequest request) : Command
{
    public OpenRequest Request => request;

    public override void Fail(Exception reason) => request.Fail(reason);
}

/// <summary>Take other weights; the file was found whole.</summary>
internal sealed class SwapCommand(PolicySnapshot snapshot, CancellationToken cancellationToken) : Command
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PolicySnapshot Snapshot => snapshot;

    /// <summary>Completes when the next token will use the weights.</summary>
    public Task Done => _done.Task;

    /// <summary>True when the caller has given up; the weights are then not taken.</summary>
    public bool IsCancelled => cancellationToken.IsCancellationRequested;

    public void Complete() => _done.TrySetResult();

    public override void Fail(Exception reason) => _done.TrySetException(reason);
}
