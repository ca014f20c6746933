using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Wire.Codecs;

namespace ICPO.Actors.Algorithm.Tests.Buffering;

public sealed class BufferDecisionTests
{
    [Fact]
    public void Every_event_of_every_decision_passes_the_audit_and_replays_to_the_same_state() =>
        BufferCommands.Steps.Sample(steps =>
        {
            var replayed = new BufferState();
            foreach (IBufferEvent happened in BufferCommands.Events(steps))
            {
                Assert.Null(JournalRules.Violation(replayed, happened));
                replayed.Apply(happened);
            }

            Assert.Equal(Bytes(steps.Length > 0 ? steps[^1].After : new BufferState()), Bytes(replayed));
        });

    [Fact]
    public void Deciding_changes_nothing_and_gives_the_same_decision_again() =>
        BufferCommands.Steps.Sample(steps =>
        {
            foreach (BufferStep step in steps)
            {
                string before = Bytes(step.Before);
                BufferDecision again = step.Before.Decide(step.Command);
                Assert.Equal(before, Bytes(step.Before));
                Assert.Equal((step.Decision.Answer, step.Decision.Reason), (again.Answer, again.Reason));
                Assert.Equal(step.Decision.Events.Select(Bytes), again.Events.Select(Bytes));
            }
        });

    [Fact]
    public void No_group_is_admitted_decided_or_consumed_twice() =>
        BufferCommands.Steps.Sample(steps =>
        {
            IBufferEvent[] events = [.. BufferCommands.Events(steps)];
            Distinct(events.OfType<GroupAdmittedEvent>().Select(stored => stored.Group));
            Distinct(events.OfType<GroupRejectedEvent>().Select(down => down.Group));
            Distinct(
                steps
                    .Where(step => step.Decision.Events.Any(happened => happened is UpdateCommittedEvent))
                    .SelectMany(step => step.Before.PreparedGroups.Select(stored => stored.Group))
                    .Concat(events.OfType<GroupRejectedEvent>().Select(down => down.Group))
            );
            Assert.Equal(
                Enumerable.Range(1, events.OfType<UpdateCommittedEvent>().Count()).Select(version => (long)version),
                events.OfType<UpdateCommittedEvent>().Select(recorded => recorded.Version.Value)
            );
        });

    [Fact]
    public void Another_epoch_or_version_is_refused_without_an_event() =>
        BufferCommands.Steps.Sample(steps =>
        {
            foreach (BufferStep step in steps)
            {
                (PolicyVersion From, LearnerEpoch Epoch)? sender = step.Command switch
                {
                    BufferCommand.PrepareBatch prepare => (prepare.From, prepare.Epoch),
                    BufferCommand.Commit commit => (new PolicyVersion(commit.Version.Value - 1), commit.Epoch),
                    _ => null,
                };
                if (sender is { } known && known != (step.Before.Committed, step.Before.Epoch))
                {
                    Assert.Equal(BufferAnswer.Refused, step.Decision.Answer);
                    Assert.Empty(step.Decision.Events);
                    Assert.NotNull(step.Decision.Reason);
                }
            }
        });

    [Fact]
    public void A_batch_holds_the_oldest_groups_within_the_staleness_bound_and_is_the_same_when_asked_again() =>
        BufferCommands.Steps.Sample(steps =>
        {
            foreach (BufferStep step in steps)
            {
                if (step is not { Command: BufferCommand.PrepareBatch prepare, Decision.Answer: BufferAnswer.Accepted })
                {
                    continue;
                }

                GroupId[] batch = [.. step.After.PreparedGroups.Select(stored => stored.Group)];
                BufferDecision again = step.After.Decide(prepare);
                Assert.Equal((BufferAnswer.Accepted, 0), (again.Answer, again.Events.Length));
                if (step.Before.Prepared is null)
                {
                    Assert.Equal(prepare.Groups, batch.Length);
                    Assert.Equal(
                        step.Before.Free.Where(stored => IsFresh(prepare, stored)).Take(prepare.Groups).Select(stored => stored.Group),
                        batch
                    );
                    Assert.All(step.After.Free, stored => Assert.True(IsFresh(prepare, stored)));
                }
                else
                {
                    Assert.Equal(step.Before.PreparedGroups.Select(stored => stored.Group), batch);
                }
            }
        });

    [Fact]
    public void A_group_that_is_offered_twice_is_accepted_without_a_second_event()
    {
        var stored = new GroupAdmittedEvent(new GroupId(0), PolicyVersion.Base, new BlobRef(0, 0, 1, 1), [], []);
        var state = new BufferState();
        BufferDecision first = state.Decide(new BufferCommand.Admit([], [stored, stored]));
        Assert.Equal<IBufferEvent>([stored], first.Events);
        state.Apply(stored);
        BufferDecision second = state.Decide(new BufferCommand.Admit([], [stored]));
        Assert.Equal((BufferAnswer.Accepted, 0), (second.Answer, second.Events.Length));
    }

    private static bool IsFresh(BufferCommand.PrepareBatch prepare, GroupAdmittedEvent stored) =>
        prepare.MaxStaleness is not { } bound || prepare.From.Value - stored.DispatchedAt.Value <= bound;

    private static void Distinct(IEnumerable<GroupId> groups) => Assert.Equal(groups.Distinct(), groups);

    private static string Bytes(BufferState state) => Convert.ToHexString(WireFormat.Write(state.ToSnapshot()));

    private static string Bytes(IBufferEvent happened) => Convert.ToHexString(WireFormat.Write(happened));
}
