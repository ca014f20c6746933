using System.CommandLine;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Dashboard;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Dashboards;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo dashboard</c>.</summary>
internal static class DashboardCommand
{
    private const string DefaultDirectory = "runs";

    public static Command Create(Terminal terminal, StopSignals signals)
    {
        var directories = new Argument<string[]>("DIR")
        {
            Description = $"Run directories, or directories that contain runs; {DefaultDirectory} if omitted.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string?> listen = ListenOption.Create(DashboardOptions.Default, DashboardHost.KeyVariable);
        var journal = new Option<string?>("--journal")
        {
            Description =
                "Show runs from their journal on this PostgreSQL server alone, without a run directory: overview, metrics, rollouts, "
                + "ledger, lineage, nodes. The password may also be in PGPASSWORD or ~/.pgpass.",
            HelpName = "URL",
        };
        var run = new Option<string[]>("--run")
        {
            Description = "With --journal: the id of a run (run.id), may be repeated; all runs of the server if omitted.",
            HelpName = "ID",
        };
        var command = new CommandWithExamples(
            "dashboard",
            "Shows runs in a browser, from their files: running, ended and crashed ones; metrics, rollouts, ledger and lineage. It is "
                + "read-only and changes no run. Ctrl-C ends it.",
            [
                "icpo dashboard",
                "icpo dashboard runs/grpo-2 runs/icpo-2",
                "icpo dashboard /data/runs --listen 0.0.0.0:7420",
                "icpo dashboard --journal postgres://icpo@db/icpo --run 7",
            ]
        )
        {
            directories,
            listen,
            journal,
            run,
        };
        command.SetAction(
            (parsed, _) =>
            {
                var shown = new ShownRuns(parsed.GetValue(directories) ?? [], parsed.GetValue(journal), parsed.GetValue(run) ?? []);
                ListenAddress? address = parsed.GetValue(listen) is { } text
                    ? ListenOption.Parse(text, listen.Name, DashboardOptions.Default)
                    : null;
                return RunAsync(shown, address, terminal, signals);
            }
        );
        return command;
    }

    /// <summary>What is shown.</summary>
    private sealed record ShownRuns(string[] Named, string? Journal, string[] Runs)
    {
        public string[] Directories => Named.Length == 0 && Journal is null ? [DefaultDirectory] : Named;
    }

    /// <exception cref="DirectoryNotFoundException">A directory does not exist.</exception>
    /// <exception cref="UsageException">The options do not fit each other.</exception>
    private static async Task<int> RunAsync(ShownRuns shown, ListenAddress? listen, Terminal terminal, StopSignals signals)
    {
        if (shown is { Journal: null, Runs.Length: > 0 })
        {
            throw new UsageException("--run names a run of a journal's server; give the server with --journal, or name run directories.");
        }

        if (shown.Directories.FirstOrDefault(directory => !Directory.Exists(directory)) is { } missing)
        {
            throw new DirectoryNotFoundException($"{missing}: no such directory; name a run directory, or one that contains runs.");
        }

        await using DashboardServer server = await DashboardHost.StartAsync(listen, signals.Token);
        server.Show(shown.Directories);
        if (shown.Journal is { } journal)
        {
            RequireServer(journal);
            server.ShowJournal(journal, shown.Runs);
        }

        terminal.Out.WriteLine($"Dashboard: {server.Address}");
        await Task.Delay(Timeout.InfiniteTimeSpan, signals.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        return ExitCode.Done;
    }

    /// <summary>The text may hold a password, so it is not repeated.</summary>
    private static void RequireServer(string journal)
    {
        bool isServer;
        try
        {
            isServer = JournalConnection.Parse(journal).IsServer;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or KeyNotFoundException)
        {
            isServer = false;
        }

        if (!isServer)
        {
            throw new UsageException("--journal is not the address of a PostgreSQL server; write postgres://user@host:5432/database.");
        }
    }
}
