using System.Text.RegularExpressions;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Tests.Ledgers;

public sealed class LedgerTests
{
    private static readonly GroupSettings Settings = new() { DynamicSampling = true };

    /// <summary>The events of one group, in the order in which they happen; a decided group is consumed, thrown away, or waits.</summary>
    private static IEnumerable<Func<Ledger, Ledger>> Events(Sample.Complete group, bool decided, int fate)
    {
        foreach (JudgedRollout rollout in group.Judged)
        {
            yield return ledger => ledger.RolloutGenerated(rollout.Rollout.Id, rollout.Rollout.Tokens.Length);
        }

        foreach (RolloutId id in group.Failed)
        {
            yield return ledger => ledger.RolloutFailed(id);
        }

        if (!decided)
        {
            yield break;
        }

        switch (GroupFilter.Decide(group.Spec, group.Judged, group.Failed, new ExpertSettings(), Settings, 1))
        {
            case GroupDecision.Admit { Group: var admitted }:
                yield return ledger => ledger.GroupAdmitted(admitted);
                if (fate > 0)
                {
                    yield return ledger => fate == 1 ? ledger.GroupExpired(admitted, Reason(admitted)) : ledger.UpdateConsumed([admitted]);
                }

                break;
            case GroupDecision.Reject reject:
                yield return ledger => ledger.GroupRejected(group.Spec.Id, reject.Reason, reject.Dropped);
                break;
        }
    }

    private static readonly Gen<(Sample.Complete Group, bool Decided, int Fate)[]> Runs = Gen.Select(
            Sample.AnyGroup,
            Gen.Bool,
            Gen.Int[0, 3]
        )
        .Array[1, 12]
        .Where(run => run.Select(g => g.Item1.Spec.Id).Distinct().Count() == run.Length);

    private static GroupRejection Reason(TrainingGroup group) =>
        group.Id.Value % 2 == 0 ? GroupRejection.Stale : GroupRejection.WaitedTooLong;

    private static Ledger Fold(IEnumerable<Func<Ledger, Ledger>> events) =>
        events.Aggregate(Ledger.Empty, (ledger, apply) => apply(ledger));

    private static string Print(Ledger ledger) =>
        $"{string.Join('\n', ledger.Rows())} {ledger.GroupsAdmitted} {ledger.GroupsRejected} {ledger.GroupsConsumed} "
        + $"{ledger.GroupsStale} {string.Join(' ', ledger.Faults())}";

    [Fact]
    public void The_ledger_closes_after_every_event_of_any_run() =>
        Runs.Sample(run =>
        {
            Ledger ledger = Ledger.Empty;
            foreach (Func<Ledger, Ledger> apply in run.SelectMany(g => Events(g.Group, g.Decided, g.Fate)))
            {
                ledger = apply(ledger);
                Assert.Empty(ledger.Faults());
            }

            Assert.Equal(run.Sum(g => g.Group.Judged.Sum(j => j.Rollout.Tokens.Length)), ledger.Generated.Total.Tokens);
            Assert.Equal(run.Sum(g => g.Group.Spec.Size), ledger.Generated.Total.Rollouts);
            Assert.Equal(ledger.Generated, ledger.Rows().Skip(1).Aggregate(default(OriginTally), (sum, row) => sum + row.Tally));
        });

    [Fact]
    public void The_order_in_which_events_arrive_does_not_matter() =>
        Gen.Select(Runs, Gen.ULong)
            .Sample(
                (run, seed) =>
                {
                    Func<Ledger, Ledger>[] events = [.. run.SelectMany(g => Events(g.Group, g.Decided, g.Fate))];
                    string inOrder = Print(Fold(events));
                    new RandomStream(seed).Shuffle<Func<Ledger, Ledger>>(events);
                    Assert.Equal(inOrder, Print(Fold(events)));
                }
            );

    [Fact]
    public void A_lost_or_repeated_event_of_a_decided_group_leaves_the_ledger_open() =>
        Gen.Select(Runs, Gen.Int[0, 10_000], Gen.Bool)
            .Sample(
                (run, pick, repeat) =>
                {
                    // A group that was decided and is not waiting; one of its events is lost, or comes twice.
                    Func<Ledger, Ledger>[] events = [.. run.SelectMany(g => Events(g.Group, decided: true, fate: 2))];
                    int at = pick % events.Length;
                    Ledger ledger = Fold(repeat ? [.. events, events[at]] : events.Where((_, i) => i != at));
                    Assert.True(!ledger.Closes || !ledger[LedgerEntry.Open].IsZero || !ledger[LedgerEntry.Buffered].IsZero);
                }
            );

    [Fact]
    public void A_group_that_trains_twice_is_a_fault()
    {
        TrainingGroup group = Sample.Group(4, Sample.Policy(0, 1, 4), Sample.Policy(1, 0, 4));
        Ledger once = group
            .Members.Aggregate(Ledger.Empty, (l, m) => l.RolloutGenerated(m.Rollout.Id, 3))
            .GroupAdmitted(group)
            .UpdateConsumed([group]);
        Assert.True(once.Closes);
        Assert.Contains(once.UpdateConsumed([group]).Faults(), fault => Regex.IsMatch(fault, @"\bg4\b.*\b2 policy\b.*\b6\b"));
    }

    [Fact]
    public void A_decision_that_miscounts_tokens_is_a_fault()
    {
        Ledger ledger = Ledger
            .Empty.RolloutGenerated(new(new(0), Origin.Policy, 0), 5)
            .GroupRejected(new(0), GroupRejection.TooFewVerdicts, [new(new(new(0), Origin.Policy, 0), 4, DropReason.GroupRejected)]);
        Assert.Matches(@"\b0 policy\b.*\b1\b", Assert.Single(ledger.Faults()));
    }

    [Fact]
    public void A_rollout_that_came_twice_ends_as_superseded()
    {
        TrainingGroup group = Sample.Group(0, Sample.Policy(0, 1), Sample.Policy(1, 0));
        Ledger ledger = group
            .Members.Aggregate(Ledger.Empty, (l, m) => l.RolloutGenerated(m.Rollout.Id, 3))
            .RolloutGenerated(group.Members[0].Rollout.Id, 9)
            .GroupAdmitted(group);
        Assert.False(ledger.Closes);
        ledger = ledger.RolloutDropped(new(group.Members[0].Rollout.Id, 9, DropReason.Superseded));
        Assert.True(ledger.Closes);
        Assert.Equal(new Tally(1, 9), ledger[LedgerEntry.Superseded].Policy);
    }

    [Fact]
    public void Rows_name_what_became_of_the_rollouts()
    {
        TrainingGroup group = Sample.Group(0, Sample.Policy(0, 1), Sample.Expert(0, 1)) with
        {
            Dropped = [new(new(new(0), Origin.Policy, 1), 7, DropReason.ReplacedByExpert)],
        };
        Ledger ledger = Ledger
            .Empty.RolloutGenerated(new(new(0), Origin.Policy, 0), 3)
            .RolloutGenerated(new(new(0), Origin.Policy, 1), 7)
            .RolloutGenerated(new(new(0), Origin.Expert, 0), 3)
            .GroupAdmitted(group)
            .UpdateConsumed([group]);
        Assert.Equal(
            [
                new LedgerRow("generated", new(new(2, 10), new(1, 3))),
                new LedgerRow("consumed", new(new(1, 3), new(1, 3))),
                new LedgerRow("rejected: replaced by an expert rollout", new(new(1, 7), default)),
            ],
            ledger.Rows()
        );
    }
}
