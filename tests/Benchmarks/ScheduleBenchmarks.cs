using System.Diagnostics;
using ICPO.Actors.Leasing;
using TestSupport;

namespace ICPO.Actors.Benchmarks;

/// <summary>The speed of coordination: lease, verdict, filter, buffer and SQLite journal, with simulated engines and learner.</summary>
internal static class ScheduleBenchmarks
{
    private const int Updates = 100;
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

        int[] counts = [1, 10, 100, 1000];
        Dictionary<int, double[]> costs = [];
        foreach (int workers in counts)
        {
            LeaseCost(workers);
        }

        foreach (int workers in counts)
        {
            costs[workers] = [.. Enumerable.Range(0, repeats).Select(_ => LeaseCost(workers))];
            yield return new Measurement($"cost of a lease, {workers} workers", "ns", costs[workers]);
        }

        double one = costs[1].Order().ElementAt(repeats / 2);
        yield return new Measurement("cost of a lease, 1,000 workers over 1", "×", [.. costs[1000].Select(cost => cost / one)], 1.2)
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

    /// <summary>Nanoseconds from a lease's addition to its end: given, arrived, asked for again; each worker has eight at once.</summary>
    private static double LeaseCost(int workers)
    {
        const int Leases = 200_000;
        const int Slots = 8;
        int window = Slots * workers;
        var book = new LeaseBook<int, long>(new LeaseRules { Timeout = TimeSpan.FromMinutes(2), Attempts = 3 });
        long sequence = 0;
        TimeSpan now = TimeSpan.Zero;
        for (int worker = 0; worker < workers; worker++)
        {
            Demand(worker, Slots);
        }

        long begun = Stopwatch.GetTimestamp();
        for (long added = 0, ended = 0; ended < Leases; )
        {
            while (added - ended < window && added < Leases)
            {
                book.Add(added++, 0, [0]);
            }

            foreach (Assignment<int, long> given in book.Match(now))
            {
                book.Arrived(new Grant<long>(given.Key, given.Attempt), 0, now);
                ended++;
                Demand(given.Worker, Slots);
            }
        }

        return Stopwatch.GetElapsedTime(begun).TotalNanoseconds / Leases;

        void Demand(int worker, int free) => book.Demand(worker, new WorkerState<long>("worker", ++sequence, free, [0], []), now);
    }
}
