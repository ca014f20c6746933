using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Buffering;
using ICPO.Actors.Checkpointing;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Learning;

/// <summary>A checkpoint that could not be restored.</summary>
/// <param name="Checkpoint">As the journal names it.</param>
/// <param name="Error">Names the file and its problem.</param>
public sealed record DamagedCheckpoint(CheckpointWrittenEvent Checkpoint, Exception Error);

/// <summary>The result of a recovery.</summary>
/// <param name="Version">The learner's version now: the last committed one.</param>
/// <param name="Checkpointed">The newest version with a complete checkpoint; null without any.</param>
/// <param name="Redone">Versions that were computed again, oldest first.</param>
public sealed record LearnerRecoveryReport(PolicyVersion Version, PolicyVersion? Checkpointed, ImmutableArray<PolicyVersion> Redone)
{
    /// <summary>Those of them that have other weights than recorded, because they were recorded on other hardware.</summary>
    public ImmutableArray<RedoneUpdate> Different { get; init; } = [];

    /// <summary>The hardware on which the first of <see cref="Different"/> was recorded; null if there is none.</summary>
    public string? OtherHardware { get; init; }
}

/// <summary>
/// Brings a learner to the last committed update: restores the newest complete checkpoint (the base model without one), computes the
/// recorded updates since then again, and checks that each gives the recorded weights. Where they were recorded on other hardware they may
/// give other weights, which are reported. A damaged checkpoint is written again on the way.
/// </summary>
/// <param name="learner">Holds the base model.</param>
/// <param name="assembler">Builds the batch of an update from its groups.</param>
/// <param name="checkpoints">The checkpoints of the run.</param>
public sealed class LearnerRecovery(ILearner learner, BatchAssembler assembler, CheckpointStore checkpoints)
{
    /// <summary>Called for every checkpoint that cannot be restored, before an older one is tried.</summary>
    public Action<DamagedCheckpoint> Damaged { get; init; } = _ => { };

    /// <summary>Called after every update that was computed again.</summary>
    public Action Redone { get; init; } = () => { };

    /// <summary>True if the recorded weights are required on any hardware.</summary>
    public bool MustRepeatExactly { get; init; }

    /// <summary>Recovers the learner.</summary>
    /// <exception cref="InvalidDataException">The checkpoints and the journal do not reach the last committed update, or an update gives
    /// other weights than recorded.</exception>
    public async Task<LearnerRecoveryReport> RunAsync(BufferRecovered state, CancellationToken cancellationToken)
    {
        checkpoints.DeleteUnfinished();
        (PolicyVersion? checkpointed, List<DamagedCheckpoint> failed) = await RestoreAsync(state, cancellationToken).ConfigureAwait(false);
        HashSet<PolicyVersion> damaged = [.. failed.Select(d => d.Checkpoint.Version)];
        string cause = failed is [{ Error: var first }, ..] ? $" The newest checkpoint was not restored: {first.Message}" : "";
        RecordedUpdate[] lost = [.. state.Updates.Where(update => update.From >= learner.Version)];
        if (learner.Version.Value + lost.Length != state.Committed.Value)
        {
            throw new InvalidDataException(
                $"The journal contains {state.Committed} but only {lost.Length} updates after {learner.Version}, the newest readable "
                    + "weights; restore the damaged checkpoint from a copy, or start a new run."
                    + cause
            );
        }

        List<RedoneUpdate> different = [];
        string? otherHardware = null;
        foreach (RecordedUpdate update in lost)
        {
            string weights = await RedoAsync(update, cancellationToken).ConfigureAwait(false);
            if (weights != update.WeightsSha256)
            {
                // Once the weights differ, so do those of all later updates, whichever hardware computed them.
                otherHardware ??= IsExplained(update) ? update.Hardware : throw Differs(update, weights, cause);
                different.Add(new RedoneUpdate(learner.Version, weights));
            }

            Redone();
            if (damaged.Contains(learner.Version))
            {
                await learner.SaveAsync(checkpoints.PathOf(learner.Version), cancellationToken).ConfigureAwait(false);
                checkpointed = learner.Version;
            }
        }

        return new LearnerRecoveryReport(learner.Version, checkpointed, [.. lost.Select(update => update.From.Next())])
        {
            Different = [.. different],
            OtherHardware = otherHardware,
        };
    }

    private async Task<(PolicyVersion? Checkpointed, List<DamagedCheckpoint> Damaged)> RestoreAsync(
        BufferRecovered state,
        CancellationToken cancellationToken
    )
    {
        List<DamagedCheckpoint> damaged = [];
        foreach (CheckpointWrittenEvent checkpoint in state.Checkpoints)
        {
            try
            {
                await learner.RestoreAsync(checkpoints.PathOf(checkpoint.Directory), cancellationToken).ConfigureAwait(false);
                return (checkpoint.Version, damaged);
            }
            catch (Exception error) when (error is InvalidDataException or IOException)
            {
                damaged.Add(new DamagedCheckpoint(checkpoint, error));
                Damaged(damaged[^1]);
            }
        }

        return (null, damaged);
    }

    /// <returns>The SHA-256 of the weights.</returns>
    private async Task<string> RedoAsync(RecordedUpdate update, CancellationToken cancellationToken)
    {
        TrainingBatch batch = assembler.Assemble(update.From, update.Load()).Batch;
        return (await learner.UpdateAsync(batch, cancellationToken).ConfigureAwait(false)).WeightsSha256;
    }

    /// <summary>True if other weights than recorded are those of other hardware.</summary>
    private bool IsExplained(RecordedUpdate update) =>
        !MustRepeatExactly && update.Hardware.Length > 0 && learner.Hardware.Length > 0 && update.Hardware != learner.Hardware;

    private InvalidDataException Differs(RecordedUpdate update, string weights, string cause)
    {
        string machine = update.Hardware == learner.Hardware ? "" : $" It was recorded on {update.Hardware}; this is {learner.Hardware}.";
        return new InvalidDataException(
            $"Update {update.From.Next()} repeated from the journal gives weights {weights[..12]}, but {update.WeightsSha256[..12]} is "
                + "recorded. The configuration, the machine or a payload has changed since; start a new run from the last checkpoint "
                + $"instead.{machine}{cause}"
        );
    }
}
