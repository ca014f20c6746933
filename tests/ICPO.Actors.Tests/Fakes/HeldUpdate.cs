using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Tests.Fakes;

/// <summary>A backend whose learner waits before the update after version <paramref name="at"/> until a test releases it.</summary>
internal sealed class HeldUpdate(long at)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Reached => _reached.Task;

    public HashBackend Backend => new() { BeforeUpdate = WaitAsync };

    public void Release() => _released.SetResult();

    private Task WaitAsync(TrainingBatch batch)
    {
        if (batch.From.Value != at)
        {
            return Task.CompletedTask;
        }

        _reached.TrySetResult();
        return _released.Task;
    }
}
