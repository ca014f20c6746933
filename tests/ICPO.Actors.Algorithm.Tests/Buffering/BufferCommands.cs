using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Tests.Buffering;

/// <summary>One step of a random walk: the command, the state before it, its decision, and the state after it.</summary>
internal sealed record BufferStep(BufferCommand Command, BufferState Before, BufferDecision Decision, BufferState After);

/// <summary>
/// Random sequences of commands, valid or not: duplicates, other epochs, versions that do not follow. Each is decided and its events are
/// applied, as the actor does.
/// </summary>
internal static class BufferCommands
{
    public static readonly Gen<BufferStep[]> Steps = Gen.Int[0, 1_000_000].Array[0, 80].Select(Walk);

    /// <summary>The events of a walk, in order.</summary>
    public static IEnumerable<IBufferEvent> Events(BufferStep[] steps) => steps.SelectMany(step => step.Decision.Events);

    private static BufferStep[] Walk(int[] choices)
    {
        var steps = new List<BufferStep>();
        var state = new BufferState();
        foreach (int choice in choices)
        {
            BufferCommand command = Command(state, choice % 12, choice / 12);
            var before = new BufferState(state.ToSnapshot());
            BufferDecision decision = state.Decide(command);
            foreach (IBufferEvent happened in decision.Events)
            {
                state.Apply(happened);
            }

            steps.Add(new BufferStep(command, before, decision, new BufferState(state.ToSnapshot())));
        }

        return [.. steps];
    }

    private static BufferCommand Command(BufferState state, int kind, int number)
    {
        var epoch = new LearnerEpoch(Math.Max(0, state.Epoch.Value - (number % 4 == 0 ? 1 : 0)));
        var from = new PolicyVersion(state.Committed.Value + (number % 5 == 0 ? 1 : 0));
        return kind switch
        {
            0 or 1 or 2 or 3 => new BufferCommand.Admit(
                [],
                [.. Ids(state, number, 1 + (number % 3)).Select(id => Group(state, id, number))]
            ),
            4 or 5 => new BufferCommand.Admit([.. Ids(state, number, 1 + (number % 2)).Select(id => Rollout(state, id, number))], []),
            6 => new BufferCommand.Reject(Ids(state, number, 1)[0], (GroupRejection)(number % 3), []),
            7 or 8 => new BufferCommand.PrepareBatch(from, epoch, 1 + (number % 3), number % 2 == 0 ? number % 3 : null)
            {
                MaxQueueAge = number % 5 < 2 ? number % 2 : null,
            },
            9 or 10 => new BufferCommand.Commit(from.Next(), epoch, HashLearner.Hash($"{number}")),
            _ when number % 3 == 0 => new BufferCommand.StartEpoch([
                .. state.Rollouts.Values.SelectMany(rollouts => rollouts).Select(rollout => rollout.Rollout).Take(number % 2),
            ]),
            _ => new BufferCommand.RecordCheckpoint(from, $"update-{from.Value}", 1 + (number % 3)),
        };
    }

    /// <summary>Groups around the last decided one, some of them decided already, one of them twice where there are three.</summary>
    private static GroupId[] Ids(BufferState state, int number, int count)
    {
        long first = Math.Max(0, state.Decided.End.Value - 2 + (number % 5));
        return count < 3 ? [.. Enumerable.Range(0, count).Select(n => new GroupId(first + n))] : [new(first), new(first), new(first + 1)];
    }

    private static BlobRef Payload(int number) => new(number % 3, number, 10 + (number % 90), (uint)number);

    private static RolloutStoredEvent Rollout(BufferState state, GroupId id, int number) =>
        new(new RolloutId(id, Origin.Policy, number % 4), number % 9, state.Committed, Payload(number));

    private static GroupAdmittedEvent Group(BufferState state, GroupId id, int number) =>
        new(
            id,
            new PolicyVersion(Math.Max(0, state.Committed.Value - (number % 3))),
            Payload(number),
            [new OriginCount(Origin.Policy, 4, 40)],
            ImmutableArray<DroppedRollout>.Empty
        );
}
