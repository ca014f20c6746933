using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Admission;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Buffering;

/// <summary>
/// Which events a command causes. Every event passes <see cref="JournalRules"/>, which the audit of a journal applies too.
/// </summary>
public sealed partial class BufferState
{
    /// <summary>Decides about a command; changes nothing. The same state and command give the same decision.</summary>
    public BufferDecision Decide(BufferCommand command) =>
        command switch
        {
            BufferCommand.StartEpoch start => StartEpoch(start),
            BufferCommand.Admit admit => Admit(admit),
            BufferCommand.Reject reject => Propose(new GroupRejectedEvent(reject.Group, reject.Reason, reject.Dropped)),
            BufferCommand.PrepareBatch prepare => Prepare(prepare),
            BufferCommand.Commit commit => IsCommitted(commit)
                ? BufferDecision.Accept()
                : Propose(new UpdateCommittedEvent(commit.Version, commit.Epoch, commit.WeightsSha256) { Hardware = commit.Hardware }),
            BufferCommand.RecordRedone redone => Propose(new UpdatesRedoneEvent(redone.Epoch, redone.Hardware, redone.Updates)),
            BufferCommand.RecordCheckpoint written => (Checkpoint?.Version, Checkpoint?.Directory) == (written.Version, written.Directory)
                ? BufferDecision.Accept()
                : Propose(new CheckpointWrittenEvent(written.Version, written.Directory, OldestKept(written.Version, written.Keep))),
            _ => throw new ArgumentException($"Unknown command {command?.GetType().Name}.", nameof(command)),
        };

    /// <summary>True if the learner of this epoch repeats its last commit, whose answer it may not have got.</summary>
    private bool IsCommitted(BufferCommand.Commit commit) =>
        (commit.Epoch, commit.Version) == (Epoch, Committed)
        && _uncheckpointed is [.., var last]
        && (last.Version, last.WeightsSha256) == (commit.Version, commit.WeightsSha256);

    private BufferDecision Propose(IBufferEvent happened) =>
        JournalRules.Violation(this, happened) is { } reason ? BufferDecision.Refuse(reason) : BufferDecision.Accept(happened);

    private bool Follows(IBufferEvent happened) => JournalRules.Violation(this, happened) is null;

    private BufferDecision StartEpoch(BufferCommand.StartEpoch start)
    {
        HashSet<RolloutId> ids = [.. start.Unreadable];
        return BufferDecision.Accept([
            .. _rollouts
                .Values.SelectMany(rollouts => rollouts)
                .Where(rollout => ids.Contains(rollout.Rollout))
                .Select(rollout => new RolloutDroppedEvent(rollout.Rollout, rollout.Tokens)),
            new EpochStartedEvent(new LearnerEpoch(Math.Max(Epoch.Value + 1, start.Least))),
        ]);
    }

    /// <summary>Duplicates are skipped: a group is decided once, a rollout is stored once.</summary>
    private BufferDecision Admit(BufferCommand.Admit admit) =>
        BufferDecision.Accept([
            .. admit.Rollouts.DistinctBy(rollout => rollout.Rollout).Where(Follows),
            .. admit.Groups.DistinctBy(group => group.Group).Where(Follows),
        ]);

    /// <summary>
    /// The batch that a restart interrupted, or free groups by the selector; those beyond a bound of their age are rejected.
    /// </summary>
    private BufferDecision Prepare(BufferCommand.PrepareBatch prepare)
    {
        if (JournalRules.Fence(this, prepare.From, prepare.Epoch) is { } fenced)
        {
            return BufferDecision.Refuse(fenced);
        }

        if (Prepared is not null)
        {
            return BufferDecision.Accept();
        }

        bool mayExpire = _pending.AnyOlder(
            prepare.From.Value - (prepare.MaxStaleness ?? prepare.From.Value),
            prepare.From.Value - (prepare.MaxQueueAge ?? prepare.From.Value)
        );
        ImmutableArray<IBufferEvent> expired = mayExpire ? [.. Expire(prepare)] : [];
        if (_pending.Count - expired.Length < prepare.Groups || !IsRenewed(prepare))
        {
            return new BufferDecision(expired, BufferAnswer.Waiting);
        }

        IEnumerable<GroupAdmittedEvent> free = _pending
            .All.Where(group => !mayExpire || Expiry(group, prepare) is null)
            .Select(group => group.Stored);
        ulong seed = Seed.Derive(Seed.Derive(prepare.Seed, "buffer-selector"), (ulong)prepare.From.Value);
        ImmutableArray<GroupId> chosen = GroupSelection.Choose(free, prepare.Groups, prepare.Selection.Selector, seed);
        return BufferDecision.Accept([
            .. expired,
            new UpdatePreparedEvent(prepare.From, prepare.Epoch, chosen)
            {
                Kept = [.. chosen.Where(id => TimesTrained(id) + 1 < prepare.Selection.SamplesPerInsert)],
            },
        ]);
    }

    private IEnumerable<GroupRejectedEvent> Expire(BufferCommand.PrepareBatch prepare) =>
        from stored in _pending.All
        let reason = Expiry(stored, prepare)
        where reason is not null
        select new GroupRejectedEvent(stored.Id, reason.Value, []);

    /// <summary>Why a stored group is too old for the update; null if it is not. One that has trained stays to its last update.</summary>
    private static GroupRejection? Expiry(PendingGroup group, BufferCommand.PrepareBatch prepare)
    {
        if (group.TimesTrained > 0)
        {
            return null;
        }

        if (prepare.From.Value - group.Stored.DispatchedAt.Value > prepare.MaxStaleness)
        {
            return GroupRejection.Stale;
        }

        return prepare.From.Value - group.AdmittedAt.Value > prepare.MaxQueueAge ? GroupRejection.WaitedTooLong : null;
    }

    /// <summary>
    /// Where groups train n times, an update waits for its share of new groups. With η = 0 these are all that may be dispatched, so nothing
    /// is sampled while an update is computed, and the run is a function of its seed.
    /// </summary>
    private bool IsRenewed(BufferCommand.PrepareBatch prepare)
    {
        int samples = prepare.Selection.SamplesPerInsert;
        return samples == 1
            || Ledger.GroupsAdmitted - Ledger.GroupsExpired >= AdmissionState.Needed(prepare.From.Value, prepare.Groups, samples);
    }
}
