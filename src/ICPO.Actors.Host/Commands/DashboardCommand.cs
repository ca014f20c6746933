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
        var listen = new Option<string?>("--listen")
        {
            Description =
                $"Address and port; {DashboardOptions.Default.Host}:{DashboardOptions.DefaultPort} if omitted. Port 0 is a free one. On an "
                + "address that other machines reach, requests need the key that is printed (or that of ICPO_DASHBOARD_KEY).",
            HelpName = "HOST:PORT",
        };
        var command = new CommandWithExamples(
            "dashboard",
            "Shows runs in a browser, from their files: running, ended and crashed ones; metrics, rollouts, ledger and lineage. It is "
                + "read-only and changes no run. Ctrl-C ends it.",
            ["icpo dashboard", "icpo dashboard runs/grpo-2 runs/icpo-2", "icpo dashboard /data/runs --listen 0.0.0.0:7420"]
        )
        {
            directories,
            listen,
        };
        command.SetAction(
            (parsed, _) =>
                RunAsync(
                    parsed.GetValue(directories) is { Length: > 0 } named ? named : [DefaultDirectory],
                    parsed.GetValue(listen) is { } text ? DashboardAddress.Parse(text, listen.Name) : null,
                    terminal,
                    signals
                )
        );
        return command;
    }

    /// <exception cref="DirectoryNotFoundException">A directory does not exist.</exception>
    private static async Task<int> RunAsync(string[] directories, ListenAddress? listen, Terminal terminal, StopSignals signals)
    {
        if (directories.FirstOrDefault(directory => !Directory.Exists(directory)) is { } missing)
        {
            throw new DirectoryNotFoundException($"{missing}: no such directory; name a run directory, or one that contains runs.");
        }

        await using DashboardServer server = await DashboardHost.StartAsync(listen, signals.Token);
        server.Show(directories);
        terminal.Out.WriteLine($"Dashboard: {server.Address}");
        await Task.Delay(Timeout.InfiniteTimeSpan, signals.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        return ExitCode.Done;
    }
}
