using ICPO.Actors.Leasing;
using TestSupport;

namespace ICPO.Actors.Benchmarks;

/// <summary>The speed of coordination: lease, verdict, filter, buffer and SQLite journal, with simulated engines and learner.</summary>
internal static class ScheduleBenchmarks
{
    private const int Updates = 100;
    private const int MinAlternations = 15;
    private const long Trajectories = (long)Updates * ScheduleDriver.GroupsPerUpdate * ScheduleDriver.Siblings;

    public static async IAsyncEnumerable<Measurement> MeasureAsync(int repeats)
    {
        foreach (int workers in new[] { 1, 2, 1000 })
        {
            double? target = workers == 2 ? 5_000 : null;
            yield return await Measurement.TakeAsync(
                $"coordination, {workers} simulated engines",
                "traj/s",
                repeats,
                () => TrainAsync(workers),
                target
            ) with
            {
                IsFixed = true,
            };
        }

        foreach (Measurement cost in LeaseCosts(Math.Max(MinAlternations, repeats)))
        {
            yield return cost;
        }
    }

    /// <summary>
    /// All numbers of workers take turns, so that what else the machine does meets each of them alike; a ratio is that of one turn.
    /// </summary>
    private static IEnumerable<Measurement> LeaseCosts(int turns)
    {
        int[] counts = [1, 10, 100, 1000];
        Array.ForEach(counts, workers => LeaseCost(workers));
        double[][] costs = [.. Enumerable.Range(0, turns).Select(_ => counts.Select(LeaseCost).ToArray())];
        foreach ((int at, int workers) in counts.Index())
        {
            yield return new Measurement($"cost of a lease, {workers} workers", "ns", [.. costs.Select(turn => turn[at])]);
        }

        yield return new Measurement("cost of a lease, 1,000 workers over 1", "×", [.. costs.Select(turn => turn[^1] / turn[0])], 1.2)
        {
            IsLimit = true,
        };
    }

    private static async Task<double> TrainAsync(int workers)
    {
        using var folder = new TemporaryFolder();
        await using var driver = new ScheduleDriver(folder.Path);
        await driver.RunAsync(Updates, workers, slots: 256 + workers);
        return Trajectories;
    }

    /// <summary>
    /// Processor time in ns from a lease's addition to its end: given, arrived, asked for again. The same number of leases is out at once,
    /// whatever the number of workers. It is the time of the process, so that collecting what a lease leaves counts too.
    /// </summary>
    private static double LeaseCost(int workers)
    {
        const int Leases = 200_000;
        const int Window = 8_000;
        int slots = Window / workers;
        var book = new LeaseBook<int, long>(new LeaseRules { Timeout = TimeSpan.FromMinutes(2), Attempts = 3 });
        long sequence = 0;
        TimeSpan now = TimeSpan.Zero;
        for (int worker = 0; worker < workers; worker++)
        {
            Demand(worker, slots);
        }

        GC.Collect();
        TimeSpan begun = Environment.CpuUsage.TotalTime;
        for (long added = 0, ended = 0; ended < Leases; )
        {
            while (added - ended < Window && added < Leases)
            {
                book.Add(added++, 0, [0]);
            }

            foreach (Assignment<int, long> given in book.Match(now))
            {
                book.Arrived(new Grant<long>(given.Key, given.Attempt), 0, now);
                ended++;
                Demand(given.Worker, slots);
            }
        }

        return (Environment.CpuUsage.TotalTime - begun).TotalNanoseconds / Leases;

        void Demand(int worker, int free) => book.Demand(worker, new WorkerState<long>("worker", ++sequence, free, [0], []), now);
    }
}
