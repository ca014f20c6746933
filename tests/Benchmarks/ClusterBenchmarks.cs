using TestSupport;

namespace ICPO.Actors.Benchmarks;

/// <summary>
/// The time of an update over processes, by the number of workers, with simulated engines and learner: engines that take seconds for a
/// response, as real ones do, so that an update takes a second, and engines that respond at once, where an update is coordination alone.
/// </summary>
internal static class ClusterBenchmarks
{
    private const int Sequences = 1_000;
    private static readonly (string Name, TimeSpan Duration, int Updates)[] Engines =
    [
        ("responses of 4 s", TimeSpan.FromSeconds(4), 15),
        ("responses at once", TimeSpan.Zero, 100),
    ];
    private static readonly (int Processes, int Engines)[] Shapes = [(1, 1), (10, 1), (10, 100)];

    public static async IAsyncEnumerable<Measurement> MeasureAsync(int repeats)
    {
        foreach ((string name, TimeSpan duration, int updates) in Engines)
        {
            await foreach (Measurement measurement in MeasureAsync(repeats, duration, updates))
            {
                yield return measurement with
                {
                    Name = $"{measurement.Name}, {name}",
                };
            }
        }
    }

    /// <summary>All shapes take turns, so that what else the machine does meets each of them alike; a ratio is that of one turn.</summary>
    private static async IAsyncEnumerable<Measurement> MeasureAsync(int repeats, TimeSpan duration, int updates)
    {
        var turns = new ClusterCost[repeats][];
        for (int turn = 0; turn < repeats; turn++)
        {
            turns[turn] = new ClusterCost[Shapes.Length];
            foreach ((int at, (int processes, int engines)) in Shapes.Index())
            {
                turns[turn][at] = await CostAsync(processes, engines, duration, updates);
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

        double[] ratios = [.. turns.Select(turn => turn[^1].Elapsed / turn[0].Elapsed)];
        yield return new Measurement("update, 1,000 workers over 1", "×", ratios, duration > TimeSpan.Zero ? 1.2 : null) { IsLimit = true };
    }

    private static async Task<ClusterCost> CostAsync(int processes, int engines, TimeSpan duration, int updates)
    {
        using var folder = new TemporaryFolder();
        await using var driver = new ClusterDriver(folder.Path);
        return await driver.RunAsync(updates, processes, engines, Math.Max(1, Sequences / (processes * engines)), duration);
    }
}
