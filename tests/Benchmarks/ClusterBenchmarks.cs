using TestSupport;

namespace ICPO.Actors.Benchmarks;

/// <summary>The time of an update over processes, by the number of workers, with simulated engines and learner.</summary>
internal static class ClusterBenchmarks
{
    private const int Updates = 100;
    private const int Sequences = 1_000;
    private static readonly (int Processes, int Engines)[] Shapes = [(1, 1), (10, 1), (10, 100)];

    /// <summary>All shapes take turns, so that what else the machine does meets each of them alike; a ratio is that of one turn.</summary>
    public static async IAsyncEnumerable<Measurement> MeasureAsync(int repeats)
    {
        var turns = new ClusterCost[repeats][];
        for (int turn = 0; turn < repeats; turn++)
        {
            turns[turn] = new ClusterCost[Shapes.Length];
            foreach ((int at, (int processes, int engines)) in Shapes.Index())
            {
                turns[turn][at] = await CostAsync(processes, engines);
            }
        }

        foreach ((int at, (int processes, int engines)) in Shapes.Index())
        {
            string shape = $"{processes * engines} workers in {processes} processes";
            yield return new Measurement($"update, {shape}", "ms", Each(cost => cost.Elapsed.TotalMilliseconds));
            yield return new Measurement($"core's processor time, {shape}", "ms", Each(cost => cost.Core.TotalMilliseconds));
            yield return new Measurement($"bytes of an update, {shape}", "bytes", Each(cost => cost.Bytes));

            double[] Each(Func<ClusterCost, double> part) => [.. turns.Select(turn => part(turn[at]))];
        }

        yield return new Measurement(
            "update, 1,000 workers over 1",
            "×",
            [.. turns.Select(turn => turn[^1].Elapsed / turn[0].Elapsed)],
            1.2
        )
        {
            IsLimit = true,
        };
    }

    private static async Task<ClusterCost> CostAsync(int processes, int engines)
    {
        using var folder = new TemporaryFolder();
        await using var driver = new ClusterDriver(folder.Path);
        return await driver.RunAsync(Updates, processes, engines, Math.Max(1, Sequences / (processes * engines)));
    }
}
