using ICPO.Actors.Algorithm.Batches;

namespace ICPO.Actors.Algorithm.Tests.Batches;

public sealed class LengthDistributionsTests
{
    [Fact]
    public void The_distance_is_the_largest_difference_of_the_distribution_functions() =>
        Gen.Select(Gen.Int[0, 12].Array[1, 40], Gen.Int[0, 12].Array[1, 40])
            .Sample(
                (generated, trained) =>
                {
                    LengthDistributions lengths = new();
                    Array.ForEach(generated, lengths.AddGenerated);
                    lengths.AddTrained(trained);
                    double expected = Enumerable.Range(0, 13).Max(length => Math.Abs(Share(generated, length) - Share(trained, length)));
                    return Math.Abs(expected - lengths.Distance) < 1e-12;
                }
            );

    [Fact]
    public void Without_lengths_of_both_kinds_the_distance_is_zero()
    {
        LengthDistributions lengths = new();
        Assert.Equal(0, lengths.Distance);
        lengths.AddGenerated(3);
        Assert.Equal(0, lengths.Distance);
        lengths.AddTrained([3]);
        Assert.Equal(0, lengths.Distance);
        lengths.AddTrained([4]);
        Assert.Equal(0.5, lengths.Distance);
    }

    private static double Share(int[] lengths, int atMost) => (double)lengths.Count(length => length <= atMost) / lengths.Length;
}
