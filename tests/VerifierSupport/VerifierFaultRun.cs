using System.Globalization;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Hosting;
using ICPO.Actors.Nodes;
using ICPO.Actors.RunFiles.Audit;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Runs;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace VerifierSupport;

/// <summary>A whole small run whose verifier fails on about half of the cases, and what reached its rewards and baselines.</summary>
public static class VerifierFaultRun
{
    private static readonly TimeSpan Far = TimeSpan.FromMinutes(9);

    /// <summary>A run with the verifier <c>command</c>.</summary>
    public static async Task<FaultTally> CommandAsync(int updates, int seed)
    {
        using var folder = new TemporaryFolder();
        string record = folder.Write("record", "");
        string script = CommandFaults.Write(folder.In("judge.sh"), record);
        FaultTally tally = await RunAsync(
                new("command", CommandFaults.Plan, folder.In("run"), updates, seed),
                [new("verification.command.run", $"[/bin/sh, \"{script}\"]")]
            )
            .ConfigureAwait(false);
        ILookup<int, string> injected = (await File.ReadAllLinesAsync(record).ConfigureAwait(false)).ToLookup(line =>
            int.Parse(line, CultureInfo.InvariantCulture)
        );
        return tally with { Injected = [.. tally.Faults.Select((_, i) => injected[i].Count())] };
    }

    /// <summary>A run with the verifier <c>http</c>.</summary>
    public static async Task<FaultTally> HttpAsync(int updates, int seed)
    {
        using var folder = new TemporaryFolder();
        await using HttpFaults service = await HttpFaults.StartAsync().ConfigureAwait(false);
        FaultTally tally = await RunAsync(
                new("http", HttpFaults.Plan, folder.In("run"), updates, seed),
                [
                    new("verification.http.url", service.Url),
                    new("verification.http.batch", "1"),
                    new("verification.http.attempts", "2"),
                    new("verification.http.retry-delay", "1ms"),
                ]
            )
            .ConfigureAwait(false);
        return tally with { Injected = [.. service.Injected] };
    }

    private sealed record Setup(string Verifier, FaultPlan Plan, string Directory, int Updates, int Seed);

    private static async Task<FaultTally> RunAsync(Setup setup, params KeyValuePair<string, string>[] settings)
    {
        List<string> findings = [];
        ServiceProvider provider = new ServiceCollection()
            .AddSingleton<ITask>(new ParityTask())
            .AddSingleton<IPolicyBackend>(new HashBackend())
            .AddSingleton(
                new ProtocolTimings
                {
                    Beat = TimeSpan.FromMilliseconds(10),
                    Tick = TimeSpan.FromMilliseconds(10),
                    Repeat = TimeSpan.FromSeconds(2),
                    FirstPause = TimeSpan.FromMilliseconds(20),
                    LongestPause = TimeSpan.FromMilliseconds(100),
                }
            )
            .AddIcpo(Configuration(setup, settings))
            .BuildServiceProvider();
        await using (provider.ConfigureAwait(false))
        {
            IIcpoRun run = await provider.GetRequiredService<IIcpoRuns>().StartAsync().ConfigureAwait(false);
            RunSummary summary = await run.Completion.WaitAsync(Far).ConfigureAwait(false);
            if (summary is not { State: "completed", LedgerCloses: true })
            {
                findings.Add($"the run is {summary.State}, and its ledger {(summary.LedgerCloses ? "closes" : "does not close")}");
            }
        }

        var journal = RunJournal.Open(setup.Directory);
        findings.AddRange(JournalAudit.Check(journal).Faults);
        return Check(setup, journal, findings);
    }

    /// <summary>Every member of every admitted group has an honest reward: only these enter baselines and advantages.</summary>
    private static FaultTally Check(Setup setup, RunJournal journal, List<string> findings)
    {
        int[] leaked = new int[setup.Plan.Faults.Length];
        int rewarded = 0;
        foreach (TrainingGroup group in journal.Events.OfType<GroupAdmittedEvent>().Select(journal.Read))
        {
            foreach (JudgedRollout member in group.Members)
            {
                int outcome = setup.Plan.OutcomeOf(group.Spec.Question.Id, member.Rollout.Text);
                double expected = FaultPlan.RewardOf(outcome);
                if (outcome < leaked.Length)
                {
                    leaked[outcome]++;
                }
                else if (member.Judgment.Reward is { } reward && reward.Equals(expected))
                {
                    rewarded++;
                }
                else
                {
                    findings.Add($"{member.Rollout.Id} has the reward {member.Judgment.Reward} instead of {expected}");
                }
            }
        }

        return new(setup.Verifier, setup.Plan.Faults, [], [.. leaked], rewarded, [.. findings]);
    }

    private static IcpoConfiguration Configuration(Setup setup, KeyValuePair<string, string>[] settings) =>
        IcpoConfiguration.Load(
            new ConfigurationSources
            {
                Code =
                [
                    new("run.directory", setup.Directory),
                    new("run.updates", setup.Updates.ToString(CultureInfo.InvariantCulture)),
                    new("run.seed", setup.Seed.ToString(CultureInfo.InvariantCulture)),
                    new("verification.verifier", setup.Verifier),
                    new("verification.timeout", "2s"),
                    new("verification.command.start-timeout", "1ms"),
                    new("verification.parallel", "8"),
                    new("group.policy-rollouts", "6"),
                    new("group.groups-per-update", "4"),
                    new("evaluation.at-start", "false"),
                    new("evaluation.at-end", "false"),
                    new("evaluation.every", "0"),
                    .. settings,
                ],
            }
        );
}
