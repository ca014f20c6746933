using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Tests.Buffering;

/// <summary>Makes valid journals: each number chooses one of the events that may come next.</summary>
internal static class BufferWalk
{
    public static readonly Gen<IBufferEvent[]> Journals = Gen.Int[0, 1_000_000].Array[0, 120].Select(Of);

    private static IBufferEvent[] Of(int[] choices)
    {
        var state = new BufferState();
        var journal = new List<IBufferEvent>();
        foreach (int choice in choices)
        {
            if (Next(state, choice % 11, choice / 11) is { } next)
            {
                state.Apply(next);
                journal.Add(next);
            }
        }

        return [.. journal];
    }

    private static IBufferEvent? Next(BufferState state, int kind, int number)
    {
        GroupAdmittedEvent[] free = [.. state.Free];
        switch (kind)
        {
            case 0 or 1 or 2:
                return Stored(Undecided(state, number), state, number);
            case 3:
                return TurnedDown(Undecided(state, number), state, number);
            case 4 when free.Length > 0:
                return new GroupRejectedEvent(
                    free[number % free.Length].Group,
                    number % 2 == 0 ? GroupRejection.Stale : GroupRejection.WaitedTooLong,
                    []
                );
            case 5 when state.Prepared is null && free.Length > 0:
                return new UpdatePreparedEvent(
                    state.Committed,
                    state.Epoch,
                    [.. free.Take(1 + (number % 3)).Select(stored => stored.Group)]
                );
            case 6 when state.Prepared is { } prepared:
                return new UpdateCommittedEvent(prepared.From.Next(), state.Epoch, HashLearner.Hash($"{number}"));
            case 7 when number % 2 == 0:
                return new EpochStartedEvent(new LearnerEpoch(state.Epoch.Value + 1));
            case 7 when state.Committed > (state.Checkpoint?.Version ?? PolicyVersion.Base):
                return new CheckpointWrittenEvent(
                    state.Committed,
                    $"update-{state.Committed.Value}",
                    number % 5 == 1 ? null : state.OldestKept(state.Committed, 1 + (number % 3))
                );
            case 8:
                return Kept(Undecided(state, number), state, number);
            case 9 when state.Rollouts.Count > 0:
                RolloutStoredEvent[] kept = [.. state.Rollouts.Values.SelectMany(rollouts => rollouts)];
                return new RolloutDroppedEvent(kept[number % kept.Length].Rollout, kept[number % kept.Length].Tokens);
            case 10 when state.Uncheckpointed.Count > 0:
                return new UpdatesRedoneEvent(
                    state.Epoch,
                    $"processor {number % 3}",
                    [.. state.Uncheckpointed.Skip(number % 4).Select(made => new RedoneUpdate(made.Version, HashLearner.Hash($"{number}")))]
                );
            default:
                return null;
        }
    }

    /// <summary>Groups are decided in any order, but not far out of it.</summary>
    private static GroupId Undecided(BufferState state, int number)
    {
        GroupId[] open =
        [
            .. state.Decided.Missing,
            .. Enumerable.Range(0, 4).Select(ahead => new GroupId(state.Decided.End.Value + ahead)),
        ];
        return open[number % open.Length];
    }

    /// <summary>A further policy rollout of a group.</summary>
    private static RolloutStoredEvent Kept(GroupId id, BufferState state, int number) =>
        new(
            new RolloutId(
                id,
                Origin.Policy,
                100 + state.Rollouts.GetValueOrDefault(id, []).Select(kept => kept.Rollout.Sibling - 99).DefaultIfEmpty(0).Max()
            ),
            number % 9,
            state.Committed,
            new BlobRef(number % 3, number, 10 + (number % 90), (uint)number)
        );

    private static GroupAdmittedEvent Stored(GroupId id, BufferState state, int number) =>
        new(
            id,
            state.Committed,
            new BlobRef(number % 3, number, 10 + (number % 90), (uint)number),
            [
                new OriginCount(
                    Origin.Policy,
                    2 + (number % 5) + Rollouts(state, id).Length,
                    10 + (number % 50) + Rollouts(state, id).Sum(kept => kept.Tokens)
                ),
                new OriginCount(Origin.Expert, 1, 1 + (number % 7)),
            ],
            [
                new DroppedRollout(new RolloutId(id, Origin.Policy, 7), number % 9, DropReason.ReplacedByExpert),
                new DroppedRollout(new RolloutId(id, Origin.Expert, 1), 3, DropReason.OutsideExpertRegion),
                new DroppedRollout(new RolloutId(id, Origin.Expert, 2), 0, DropReason.GenerationFailed),
            ]
        );

    private static ImmutableArray<RolloutStoredEvent> Rollouts(BufferState state, GroupId id) => state.Rollouts.GetValueOrDefault(id, []);

    private static GroupRejectedEvent TurnedDown(GroupId id, BufferState state, int number) =>
        new(
            id,
            (GroupRejection)(number % 3),
            [
                new DroppedRollout(new RolloutId(id, Origin.Policy, 0), 4, DropReason.GroupRejected),
                new DroppedRollout(new RolloutId(id, Origin.Policy, 1), number % 9, DropReason.VerifierFault),
                .. Rollouts(state, id).Select(kept => new DroppedRollout(kept.Rollout, kept.Tokens, DropReason.GroupRejected)),
            ]
        );
}
