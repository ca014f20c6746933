using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Tests.Buffering;

public sealed class DecidedGroupsTests
{
    [Fact]
    public void It_holds_what_a_plain_set_would_hold() =>
        Gen.Long[0, 40]
            .Array[0, 60]
            .Sample(numbers =>
            {
                var decided = new DecidedGroups();
                var plain = new HashSet<long>();
                foreach (long number in numbers)
                {
                    decided.Add(new GroupId(number));
                    plain.Add(number);
                    long end = plain.Max() + 1;
                    Assert.Equal(end, decided.End.Value);
                    Assert.Equal(Range(end).Where(n => !plain.Contains(n)), decided.Missing.Select(id => id.Value));
                    Assert.All(Range(45), n => Assert.Equal(plain.Contains(n), decided.Contains(new GroupId(n))));
                    Assert.Equal(plain.Count, decided.Watermark + decided.Above.Count);
                    Assert.DoesNotContain(decided.Watermark, plain);
                }

                var again = new DecidedGroups(decided.Watermark, decided.Above);
                Assert.Equal((decided.End, decided.Watermark), (again.End, again.Watermark));
                Assert.Equal(decided.Missing, again.Missing);
            });

    private static IEnumerable<long> Range(long end) => Enumerable.Range(0, (int)end).Select(n => (long)n);
}
