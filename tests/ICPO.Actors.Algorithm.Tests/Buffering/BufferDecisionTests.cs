using ICPO.Actors.Algorithm.Admission;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
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
    public void A_batch_holds_the_oldest_groups_within_the_bounds_of_age_and_is_the_same_when_asked_again() =>
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
                        step.Before.Free.Where(stored => IsFresh(step.Before, prepare, stored))
                            .Take(prepare.Groups)
                            .Select(stored => stored.Group),
                        batch
                    );
                    Assert.All(step.After.Free, stored => Assert.True(IsFresh(step.After, prepare, stored)));
                }
                else
                {
                    Assert.Equal(step.Before.PreparedGroups.Select(stored => stored.Group), batch);
                }
            }
        });

    [Fact]
    public void A_request_rejects_the_groups_beyond_a_bound_of_age_and_no_others_whether_it_waits_or_not() =>
        BufferCommands.Steps.Sample(steps =>
        {
            foreach (BufferStep step in steps)
            {
                if (
                    step is { Command: BufferCommand.PrepareBatch prepare, Before.Prepared: null }
                    && step.Decision.Answer != BufferAnswer.Refused
                )
                {
                    Assert.Equal(
                        step.Before.Free.Where(stored => !IsFresh(step.Before, prepare, stored)).Select(stored => stored.Group),
                        step.Decision.Events.OfType<GroupRejectedEvent>().Select(rejected => rejected.Group)
                    );
                }
            }
        });

    [Theory]
    [InlineData(1, GroupSelector.Oldest)]
    [InlineData(2, GroupSelector.Oldest)]
    [InlineData(3, GroupSelector.Newest)]
    [InlineData(2, GroupSelector.Uniform)]
    [InlineData(4, GroupSelector.Priority)]
    public void Every_group_trains_as_often_as_configured_and_is_consumed_once(int times, GroupSelector selector)
    {
        const int Batch = 3;
        SelectionSettings selection = new() { SamplesPerInsert = times, Selector = selector };
        var state = new BufferState();
        Apply(state.Decide(new BufferCommand.StartEpoch([])));
        Dictionary<GroupId, int> trained = [];
        for (int update = 0; update < 40; update++)
        {
            AdmissionState admission = new(state.Committed, 0, state.Ledger.GroupsAdmitted, 0);
            while (admission.Capacity(new AdmissionSettings { MaxStaleness = 0 }, Batch, times) > 0)
            {
                var id = new GroupId(admission.Accepted);
                Apply(state.Decide(new BufferCommand.Admit([], [Admitted(id)])));
                admission = admission.Dispatched().Admitted();
            }

            // The state is restored from a snapshot before every update.
            state = new BufferState((BufferSnapshot)WireFormat.Read("buffer-snapshot.1", WireFormat.Write(state.ToSnapshot())));
            var prepare = new BufferCommand.PrepareBatch(state.Committed, state.Epoch, Batch, null) { Selection = selection, Seed = 5 };
            BufferDecision decision = state.Decide(prepare);
            Assert.Equal(BufferAnswer.Accepted, decision.Answer);
            Apply(decision);
            foreach (GroupAdmittedEvent group in state.PreparedGroups)
            {
                trained[group.Group] = trained.GetValueOrDefault(group.Group) + 1;
            }

            Apply(state.Decide(new BufferCommand.Commit(state.Committed.Next(), state.Epoch, HashLearner.Hash($"{update}"))));
            Assert.Equal(trained.Count, state.Ledger.GroupsConsumed);
            Assert.Equal(
                trained.Values.GroupBy(count => count).Select(same => (same.Key, (long)same.Count())).Order(),
                state.Ledger.TimesTrained.Select(entry => (entry.Key, entry.Value))
            );
            Assert.Empty(state.Ledger.Faults());

            // No more groups wait than have updates left to train on them.
            Assert.InRange(state.Free.Count(), 0, (Batch + 1) * times);
        }

        Assert.All(trained, group => Assert.InRange(group.Value, 1, times));
        Assert.All(trained.Where(group => !state.IsPending(group.Key)), group => Assert.Equal(times, group.Value));
        Assert.Equal(40 * Batch, trained.Values.Sum());

        void Apply(BufferDecision decision)
        {
            foreach (IBufferEvent happened in decision.Events)
            {
                Assert.Null(JournalRules.Violation(state, happened));
                state.Apply(happened);
            }
        }

        static GroupAdmittedEvent Admitted(GroupId id) =>
            new(id, PolicyVersion.Base, new BlobRef(0, id.Value, 1, 1), [new OriginCount(Origin.Policy, 2, 6)], [])
            {
                RewardSpread = id.Value % 4,
            };
    }

    [Fact]
    public void A_selector_chooses_what_its_name_says()
    {
        var state = new BufferState();
        double[] spreads = [0.1, 0.5, 0, 0.5, 0.2];
        for (int id = 0; id < spreads.Length; id++)
        {
            state.Apply(
                new GroupAdmittedEvent(new GroupId(id), PolicyVersion.Base, new BlobRef(0, id, 1, 1), [], []) { RewardSpread = spreads[id] }
            );
        }

        Assert.Equal([0L, 1], Chosen(GroupSelector.Oldest, 1));
        Assert.Equal([3L, 4], Chosen(GroupSelector.Newest, 1));
        Assert.Equal([1L, 3], Chosen(GroupSelector.Priority, 1));
        Assert.Equal(Chosen(GroupSelector.Uniform, 7), Chosen(GroupSelector.Uniform, 7));
        HashSet<long> drawn = [.. Enumerable.Range(0, 50).SelectMany(seed => Chosen(GroupSelector.Uniform, (ulong)seed))];
        Assert.Equal(5, drawn.Count);

        long[] Chosen(GroupSelector selector, ulong seed)
        {
            BufferDecision decision = state.Decide(
                new BufferCommand.PrepareBatch(PolicyVersion.Base, state.Epoch, 2, null)
                {
                    Selection = new SelectionSettings { Selector = selector },
                    Seed = seed,
                }
            );
            return [.. ((UpdatePreparedEvent)decision.Events[^1]).Groups.Select(group => group.Value)];
        }
    }

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

    [Fact]
    public void The_age_of_a_group_in_the_buffer_begins_at_its_admission_and_survives_a_snapshot()
    {
        var state = new BufferState();
        state.Apply(new EpochStartedEvent(new LearnerEpoch(1)));
        Admit(0);
        Train(0);
        Admit(1, 2);
        Train(1);
        var restored = new BufferState(state.ToSnapshot());
        Assert.Equal(1, restored.AdmittedAt(new GroupId(2)).Value);

        // A snapshot of an earlier version does not say when; the group is as young as it may be.
        Assert.Equal(2, new BufferState(state.ToSnapshot() with { Admitted = [] }).AdmittedAt(new GroupId(2)).Value);
        foreach (BufferState one in new[] { state, restored })
        {
            BufferDecision waits = one.Decide(Prepare(1));
            Assert.Empty(waits.Events.OfType<GroupRejectedEvent>());
            GroupRejectedEvent rejected = Assert.IsType<GroupRejectedEvent>(Assert.Single(one.Decide(Prepare(0)).Events));
            Assert.Equal((new GroupId(2), GroupRejection.WaitedTooLong), (rejected.Group, rejected.Reason));
            one.Apply(rejected);
            Assert.Equal((1L, 0L, 3L), (one.Ledger.GroupsWaitedTooLong, one.Ledger.GroupsStale, one.Ledger.GroupsAdmitted));
            Assert.Empty(one.Ledger.Faults());
            Assert.Equal(one.Ledger.GroupsWaitedTooLong, new BufferState(one.ToSnapshot()).Ledger.GroupsWaitedTooLong);
        }

        void Admit(params long[] ids)
        {
            foreach (long id in ids)
            {
                state.Apply(new GroupAdmittedEvent(new GroupId(id), PolicyVersion.Base, new BlobRef(0, id, 1, 1), [], []));
            }
        }

        void Train(long id)
        {
            state.Apply(new UpdatePreparedEvent(state.Committed, state.Epoch, [new GroupId(id)]));
            state.Apply(new UpdateCommittedEvent(state.Committed.Next(), state.Epoch, ""));
        }

        BufferCommand.PrepareBatch Prepare(int bound) => new(state.Committed, state.Epoch, 1, null) { MaxQueueAge = bound };
    }

    private static bool IsFresh(BufferState state, BufferCommand.PrepareBatch prepare, GroupAdmittedEvent stored) =>
        !(prepare.From.Value - stored.DispatchedAt.Value > prepare.MaxStaleness)
        && !(prepare.From.Value - state.AdmittedAt(stored.Group).Value > prepare.MaxQueueAge);

    private static void Distinct(IEnumerable<GroupId> groups) => Assert.Equal(groups.Distinct(), groups);

    private static string Bytes(BufferState state) => Convert.ToHexString(WireFormat.Write(state.ToSnapshot()));

    private static string Bytes(IBufferEvent happened) => Convert.ToHexString(WireFormat.Write(happened));
}
