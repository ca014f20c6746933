using ICPO.Actors.Faults;

namespace ICPO.Actors.Tests.Faults;

public sealed class FaultPointTests
{
    [Fact]
    public void It_aborts_once_when_its_point_is_reached_for_the_nth_time()
    {
        int aborted = 0;
        var faults = FaultPoints.Parse($"{FaultPoints.UpdateStepped}:3", () => aborted++);
        int[] after =
        [
            .. Enumerable
                .Range(0, 5)
                .Select(_ =>
                {
                    faults.Reach(FaultPoints.GroupStored);
                    faults.Reach(FaultPoints.UpdateStepped);
                    return aborted;
                }),
        ];
        Assert.Equal([0, 0, 1, 1, 1], after);
    }

    [Fact]
    public void Every_name_is_a_point_and_nothing_else_is()
    {
        Assert.All(FaultPoints.Names, name =>
        {
            int aborted = 0;
            FaultPoints.Parse(name, () => aborted++).Reach(name);
            Assert.Equal(1, aborted);
            FaultPoints.None.Reach(name);
        });
        foreach (string text in (string[])["", "update", "group-stored:0", "group-stored:x", "group-stored:1:1", ":1"])
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => FaultPoints.Parse(text, () => { }));
            Assert.Contains(FaultPoints.GroupStored, error.Message, StringComparison.Ordinal);
        }
    }
}
