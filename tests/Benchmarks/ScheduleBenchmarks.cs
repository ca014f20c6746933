using ICPO.Actors.Leasing;
using TestSupport;

namespace ICPO.Actors.Benchmarks;

/// <summary>The speed of coordination: lease, verdict, filter, buffer and SQLite journal, with simulated engines and learner.</summary>
internal static class ScheduleBenchmarks
{
    private const int Updates = 100;
    private const int MinTurns = 7;

    /// <summary>So many that the start of 1,000 engines does not count.</summary>
    private const int UpdatesForCost = 500;

    public static async IAsyncEnumerable<Measurement> MeasureAsync(int repeats)
    {
        foreach (int workers in new[] { 1, 2, 1000 })
        {
            double? target = workers == 2 ? 5_000 : null;
            yield return await Measurement.TakeAsync(
                $"coordination, {workers} simulated engines",
                "traj/s",
                repeats,
                () => TrainAsync(workers, Updates),
                target
            ) with
            {
                IsFixed = true,
            };
        }

        int[] counts = [1, 10, 100, 1000];
        double[][] costs = await TurnsAsync(Math.Max(MinTurns, repeats), counts, TrajectoryCostAsync);
        foreach (Measurement cost in Costs("coordination of a trajectory", costs, counts))
        {
            yield return cost;
        }

        yield return new Measurement(
            "coordination of a trajectory, 1,000 engines over 1",
            "×",
            [.. costs.Select(turn => turn[^1] / turn[0])],
            1.2
        )
        {
            IsLimit = true,
        };
        costs = await TurnsAsync(Math.Max(MinTurns, repeats), counts, workers => Task.FromResult(LeaseCost(workers)));
        foreach (Measurement cost in Costs("its lease alone", costs, counts))
        {
            yield return cost;
        }
    }

    /// <summary>
    /// All numbers of engines take turns, so that what else the machine does meets each of them alike; a ratio is that of one turn.
    /// </summary>
    private static async Task<double[][]> TurnsAsync(int turns, int[] counts, Func<int, Task<double>> cost)
    {
        foreach (int count in counts)
        {
            await cost(count);
        }

        double[][] costs = new double[turns][];
        for (int turn = 0; turn < turns; turn++)
        {
            costs[turn] = new double[counts.Length];
            foreach ((int at, int count) in counts.Index())
            {
                costs[turn][at] = await cost(count);
            }
        }

        return costs;
    }

    private static IEnumerable<Measurement> Costs(string what, double[][] costs, int[] counts) =>
        counts.Select((count, at) => new Measurement($"{what}, {count} engines", "ns", [.. costs.Select(turn => turn[at])]));

    /// <summary>Processor time in ns of all that happens to a trajectory from lease to update, without engine and learner.</summary>
    private static async Task<double> TrajectoryCostAsync(int engines)
    {
        GC.Collect();
        TimeSpan begun = Environment.CpuUsage.TotalTime;
        double trajectories = await TrainAsync(engines, UpdatesForCost);
        return (Environment.CpuUsage.TotalTime - begun).TotalNanoseconds / trajectories;
    }

    private static async Task<double> TrainAsync(int workers, int updates)
    {
        using var folder = new TemporaryFolder();
        await using var driver = new ScheduleDriver(folder.Path);
        await driver.RunAsync(updates, workers, slots: 256 + workers);
        return (double)updates * ScheduleDriver.GroupsPerUpdate * ScheduleDriver.Siblings;
    }

    /// <summary>
    /// Processor time in ns from a lease's addition to its end: given, its only rollout arrived, and demand that lists what the worker
    /// still holds. Every worker has the same number of slots, so that the messages per lease and their lengths do not depend on
    /// the number of workers. It is the time of the process, so that collecting what a lease leaves counts too.
    /// </summary>
    private static double LeaseCost(int workers)
    {
        const int Leases = 200_000;
        const int Slots = 8;
        var book = new LeaseBook<int, long>(new LeaseRules { Timeout = TimeSpan.FromMinutes(2), Attempts = 3 });
        Queue<Grant<long>>[] held = [.. Enumerable.Range(0, workers).Select(_ => new Queue<Grant<long>>(Slots))];
        var running = new Queue<int>(workers * Slots);
        long sequence = 0;
        TimeSpan now = TimeSpan.Zero;
        for (int worker = 0; worker < workers; worker++)
        {
            Demand(worker);
        }

        GC.Collect();
        TimeSpan begun = Environment.CpuUsage.TotalTime;
        for (long added = 0, ended = 0; ended < Leases; ended++)
        {
            while (added - ended < workers * Slots && added < Leases)
            {
                book.Add(added++, 0, [0]);
            }

            foreach (Assignment<int, long> given in book.Match(now))
            {
                running.Enqueue(given.Worker);
                held[given.Worker].Enqueue(new Grant<long>(given.Key, given.Attempt));
            }

            int worker = running.Dequeue();
            book.Arrived(held[worker].Dequeue(), 0, now);
            Demand(worker);
        }

        return (Environment.CpuUsage.TotalTime - begun).TotalNanoseconds / Leases;

        void Demand(int worker) =>
            book.Demand(worker, new WorkerState<long>("worker", ++sequence, Slots - held[worker].Count, [0], [.. held[worker]]), now);
    }
}
