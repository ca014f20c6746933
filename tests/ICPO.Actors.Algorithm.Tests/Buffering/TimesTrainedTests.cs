using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Tests.Buffering;

/// <summary>How often groups trained, as the ledger counts it.</summary>
public sealed class TimesTrainedTests
{
    [Fact]
    public void A_ledger_in_which_a_training_is_missing_or_counted_twice_does_not_close()
    {
        Ledger once = Ledger.Empty with { GroupsAdmitted = 1, GroupsConsumed = 1 };
        Assert.Empty(once.GroupTrained(1).Faults());
        Assert.Empty(once.GroupTrained(1).GroupTrained(2).GroupTrained(3).Faults());
        Assert.NotEmpty(once.GroupTrained(1).GroupTrained(1).Faults());
        Assert.NotEmpty(once.GroupTrained(1).GroupTrained(3).Faults());
        Assert.NotEmpty(once.GroupTrained(2).Faults());
        Assert.Throws<ArgumentOutOfRangeException>(() => once.GroupTrained(0));
    }

    [Fact]
    public void Without_counters_of_an_earlier_version_the_groups_that_are_not_stored_count_once()
    {
        BufferSnapshot snapshot = new BufferState().ToSnapshot() with
        {
            Ledger = new Dictionary<string, long> { ["groups/consumed"] = 7 }.ToImmutableSortedDictionary(),
            Trained = [new TrainedGroup(new GroupId(3), 2), new TrainedGroup(new GroupId(5), 2), new TrainedGroup(new GroupId(8), 1)],
        };
        Assert.Equal([(1, 5L), (2, 2L)], JournalLedger.TimesTrained(snapshot).Select(trained => (trained.Key, trained.Value)));
    }
}
