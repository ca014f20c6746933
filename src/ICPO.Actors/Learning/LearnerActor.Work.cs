using Akka.Actor;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Learning;

/// <summary>The work that runs outside the actor: it writes none of the actor's fields.</summary>
public sealed partial class LearnerActor
{
    private void Report(string message) => _parts.Events.Publish(new RunNote(message));

    /// <summary>Waits for work outside the actor in another behavior.</summary>
    /// <param name="work">The work; its result is sent as a message.</param>
    /// <param name="behavior">Receives the result.</param>
    /// <param name="bounded">Names the work that must end within the plan's timeout; null if the parent has a deadline.</param>
    private void Await<T>(Task<T> work, Action behavior, string? bounded = null)
    {
        _idle = false;
        if (bounded is not null)
        {
            Limit(bounded, _parts.Plan.Timeout);
        }

        Become(behavior);
        _ = work.PipeTo(Self);
    }

    /// <summary>Replaces the deadline of the work that has ended by one for its record in the journal.</summary>
    private void LimitRecording(string what) => Limit(what, _parts.Plan.RecordTimeout ?? _parts.Plan.Timeout);

    private void Limit(string what, TimeSpan timeout) => Timers.StartSingleTimer(nameof(Overdue), new Overdue(what, timeout), timeout);

    private async Task<Updated> UpdateAsync(AssembledBatch batch, CancellationToken cancellationToken) =>
        new(batch, await _parts.Learner.UpdateAsync(batch.Batch, cancellationToken).ConfigureAwait(false));

    private async Task<Published> PublishAsync(LearnerEpoch epoch, CancellationToken cancellationToken)
    {
        PolicySnapshot snapshot = await WriteWeightsAsync(epoch, cancellationToken).ConfigureAwait(false);
        _parts.Checkpoints.DeletePoliciesBefore(snapshot.Version);
        return new Published(snapshot);
    }

    private Task<PolicySnapshot> WriteWeightsAsync(LearnerEpoch epoch, CancellationToken cancellationToken)
    {
        _parts.Checkpoints.RequireDirectories();
        return _parts.Learner.PublishAsync(_parts.Checkpoints.PolicyDirectory, epoch, cancellationToken);
    }

    private async Task<Saved> SaveAsync(PolicyVersion version, CancellationToken cancellationToken)
    {
        _parts.Checkpoints.RequireDirectories();
        await _parts.Learner.SaveAsync(_parts.Checkpoints.PathOf(version), cancellationToken).ConfigureAwait(false);
        return new Saved(version);
    }
}
