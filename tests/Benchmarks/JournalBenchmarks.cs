using System.Diagnostics;
using System.Globalization;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Wire.Segments;
using TestSupport;

namespace ICPO.Actors.Benchmarks;

/// <summary>
/// The cost of the journal: trajectories per second through the buffer (payload, event, update prepared and committed, checkpoints
/// recorded),
/// recovery of a long journal, and file sizes.
/// </summary>
internal static class JournalBenchmarks
{
    private const int Siblings = 8,
        Bytes = 2048,
        Window = 64;
    private const long Long = 1_000_000;

    public static async IAsyncEnumerable<Measurement> MeasureAsync(int repeats)
    {
        foreach (int siblings in new[] { Siblings, 1 })
        {
            yield return await AdmitAsync($"journal SQLite, groups of {siblings}, 2 KB each", 3_000, repeats, siblings, null);
        }

        if (PostgresServer.Missing is null)
        {
            await using PostgresServer server = await PostgresServer.StartAsync();
            foreach (int siblings in new[] { Siblings, 1 })
            {
                yield return await AdmitAsync(
                    $"journal PostgreSQL, groups of {siblings}, 2 KB each",
                    1_500,
                    repeats,
                    siblings,
                    server.ConnectionString
                );
                yield return await AdmitAsync(
                    $"journal PostgreSQL, payloads too, groups of {siblings}, 2 KB each",
                    1_500,
                    repeats,
                    siblings,
                    server.ConnectionString,
                    PayloadPlace.Database
                );
            }
        }

        // The default run: 150 updates of 32 groups with about 30 tokens per rollout, each group stored separately, which is the worst
        // case.
        // The limit is 2 % of the 34 s that the run takes on the machine for which the targets were set.
        yield return await DefaultRunAsync("journal of the default run", repeats, 0.68, keeps: false);

        // As if the rollouts of a group never ended at the same time: seven more commits per group. The journal of a run shows the actual
        // number.
        yield return await DefaultRunAsync("journal of the default run, every rollout recorded alone", repeats, null, keeps: true);
    }

    private static Task<Measurement> DefaultRunAsync(string name, int repeats, double? limit, bool keeps) =>
        TimeAsync(name, repeats, limit, async folder =>
        {
            await using JournalDriver driver = await JournalDriver.StartAsync(folder);
            long begun = Stopwatch.GetTimestamp();
            await driver.TrainAsync(Group(Siblings, 30), 150 * JournalDriver.GroupsPerUpdate, window: 1, keeps);
            return Stopwatch.GetElapsedTime(begun).TotalSeconds;
        });

    /// <summary>Time and memory of the recovery of a journal with a million trajectories, in a separate process.</summary>
    public static async IAsyncEnumerable<Measurement> RecoverAsync(int repeats)
    {
        using var temporary = new TemporaryFolder();
        string folder = temporary.Path;
        await using (JournalDriver driver = await JournalDriver.StartAsync(folder))
        {
            await driver.TrainAsync(Sized(Siblings), Long / Siblings, Window);
        }

        List<(double Seconds, double Megabytes)> taken = [];
        for (int repeat = 0; repeat < repeats; repeat++)
        {
            using Process child = Process.Start(
                new ProcessStartInfo(Environment.ProcessPath!, ["recovery-of", folder]) { RedirectStandardOutput = true }
            )!;
            string[] said = (await child.StandardOutput.ReadToEndAsync()).Split(' ');
            taken.Add((double.Parse(said[0], CultureInfo.InvariantCulture), double.Parse(said[1], CultureInfo.InvariantCulture)));
        }

        yield return new Measurement("recovery of 1,000,000 trajectories", "s", [.. taken.Select(one => one.Seconds)], 10)
        {
            IsLimit = true,
        };
        yield return new Measurement("recovery of 1,000,000 trajectories, memory", "MB", [.. taken.Select(one => one.Megabytes)], 500)
        {
            IsLimit = true,
        };
    }

    /// <summary>Runs in the child process of <see cref="RecoverAsync"/>; returns seconds and megabytes.</summary>
    public static async Task<string> RecoveryOfAsync(string folder)
    {
        long begun = Stopwatch.GetTimestamp();
        await using JournalDriver driver = await JournalDriver.StartAsync(folder);
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        using var self = Process.GetCurrentProcess();
        return driver.Recovered.Next.Value * Siblings < Long - (JournalDriver.GroupsPerUpdate * Siblings)
            ? throw new InvalidDataException($"The journal ends at group {driver.Recovered.Next}.")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds} {self.PeakWorkingSet64 / 1e6}");
    }

    /// <summary>
    /// Size of journal and payloads after each 2,500 of 10,000 updates of the default run's size, with both values of journal.keep.
    /// </summary>
    public static async IAsyncEnumerable<Measurement> GrowthAsync()
    {
        foreach (bool keepsAll in new[] { true, false })
        {
            using var temporary = new TemporaryFolder();
            string folder = temporary.Path;
            for (int updates = 2_500; updates <= 10_000; updates += 2_500)
            {
                await using (JournalDriver driver = await JournalDriver.StartAsync(folder, keepsAll: keepsAll))
                {
                    await driver.TrainAsync(Group(Siblings, 30), 2_500 * JournalDriver.GroupsPerUpdate, Window);
                }

                string kept = keepsAll ? "all" : "checkpoint";
                yield return new Measurement($"events, keep = {kept}, {updates} updates", "KB", [Size(folder, "journal.db*")]);
                yield return new Measurement(
                    $"payloads, keep = {kept}, {updates} updates",
                    "KB",
                    [Size(Path.Combine(folder, "payloads"), "*")]
                );
            }
        }
    }

    private static double Size(string folder, string pattern) =>
        Directory.GetFiles(folder, pattern).Sum(path => new FileInfo(path).Length) / 1e3;

    private static async Task<Measurement> AdmitAsync(
        string name,
        double target,
        int repeats,
        int siblings,
        string? connection,
        PayloadPlace place = PayloadPlace.Files
    )
    {
        int run = 0;
        TrainingGroup template = Sized(siblings);
        long groups = JournalDriver.GroupsPerUpdate * (siblings == 1 ? 1_000 : 250);
        Measurement seconds = await TimeAsync(name, repeats, null, async folder =>
        {
            await using JournalDriver driver = await JournalDriver.StartAsync(
                folder,
                connection,
                runId: $"{place}-{siblings}-{run++}",
                place: place
            );
            long begun = Stopwatch.GetTimestamp();
            await driver.TrainAsync(template, groups, Window);
            return Stopwatch.GetElapsedTime(begun).TotalSeconds;
        });
        return new Measurement(name, "traj/s", [.. seconds.Values.Select(time => groups * siblings / time)], target) { IsFixed = true };
    }

    /// <summary>Runs each repetition in a new folder, after one to warm up.</summary>
    private static async Task<Measurement> TimeAsync(string name, int repeats, double? limit, Func<string, Task<double>> take)
    {
        List<double> values = [];
        for (int repeat = 0; repeat <= repeats; repeat++)
        {
            using var folder = new TemporaryFolder();
            values.Add(await take(folder.Path));
        }

        return new Measurement(name, "s", [.. values.Skip(1)], limit) { IsLimit = true };
    }

    /// <summary>A group whose trajectories take 2 KB each in their segment.</summary>
    private static TrainingGroup Sized(int siblings) =>
        Group(siblings, Bytes * siblings * 100 / GroupPayload.Write(Group(siblings, 100)).Length);

    private static TrainingGroup Group(int siblings, int tokens)
    {
        var spec = new GroupSpec
        {
            Id = new GroupId(0),
            Question = new Question
            {
                Id = "q",
                Text = "AB3142=",
                Answer = "Aa2413Bb3524;",
            },
            Prompt = [.. Enumerable.Range(1, 16)],
            PolicyRollouts = siblings,
            ExpertRollouts = 0,
            DispatchedAt = new PolicyVersion(0),
        };
        return new TrainingGroup
        {
            Spec = spec,
            Members =
            [
                .. Enumerable
                    .Range(0, siblings)
                    .Select(sibling => new JudgedRollout(
                        new Rollout
                        {
                            Id = new RolloutId(spec.Id, Origin.Policy, sibling),
                            Tokens = [.. Enumerable.Range(0, tokens).Select(at => (at * 31) % 500)],
                            LogProbs = [.. Enumerable.Range(0, tokens).Select(at => -1f / (at + 1))],
                            Versions = [.. Enumerable.Repeat(100L, tokens)],
                            Finish = FinishReason.Stop,
                            Seed = (ulong)sibling,
                            Text = "Aa2413Bb3524;",
                        },
                        new Judgment(sibling % 2 == 0 ? Verdict.Correct : Verdict.Wrong, sibling % 2)
                    )),
            ],
            Dropped = [],
        };
    }
}
