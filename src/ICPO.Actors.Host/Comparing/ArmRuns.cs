using System.Collections.Immutable;
using System.Diagnostics;
using ICPO.Actors.Configuration.Hocon;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Views;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Report;

namespace ICPO.Actors.Host.Comparing;

/// <summary>
/// Makes the runs of a comparison that are not there yet, each in a process of its own, so that one's memory is not another's.
/// </summary>
internal sealed class ArmRuns(Terminal terminal, StopSignals signals)
{
    /// <summary>An arm with a seed: its runs one after another, each from what the one before it ended with.</summary>
    public sealed record Chain(string Arm, ulong Seed, ImmutableArray<IcpoConfiguration> Runs);

    /// <summary>True when every run is complete; false when a stop was asked for.</summary>
    /// <exception cref="UsageException">A directory holds a run of another configuration.</exception>
    public async Task<bool> MakeAsync(ImmutableArray<Chain> chains, int parallel)
    {
        int runs = chains.Sum(chain => chain.Runs.Length);
        ILookup<Chain, IcpoConfiguration> missing = chains
            .SelectMany(chain => chain.Runs.Where(run => !IsComplete(run)).Select(run => (chain, run)))
            .ToLookup(pair => pair.chain, pair => pair.run);
        int done = runs - missing.Sum(chain => chain.Count());
        terminal.Out.WriteLine($"{runs} runs, {done} of them complete already.");
        int stopped = 0;
        await Parallel.ForEachAsync(missing, new ParallelOptions { MaxDegreeOfParallelism = parallel }, async (chain, _) =>
        {
            foreach (IcpoConfiguration run in chain)
            {
                RunSummary? summary = signals.Token.IsCancellationRequested ? null : await MakeAsync(run);
                if (summary is not { State: "completed" })
                {
                    Interlocked.Increment(ref stopped);
                    return;
                }

                string stage = chain.Key.Runs.Length > 1 ? $", stage {chain.Key.Runs.IndexOf(run) + 1}" : "";
                terminal.Out.WriteLine(
                    $"[{Interlocked.Increment(ref done)}/{runs}] {chain.Key.Arm}, seed {chain.Key.Seed}{stage}: {Sentences.Of(summary)}"
                );
            }
        });
        return stopped == 0;
    }

    /// <summary>Whether the run's directory holds its finished run.</summary>
    private static bool IsComplete(IcpoConfiguration configuration)
    {
        string directory = configuration.Settings.Directory;
        string stored = Path.Combine(directory, "effective.conf");
        if (!File.Exists(stored))
        {
            return false;
        }

        var there = IcpoConfiguration.Load(new ConfigurationSources { Files = [ConfigurationFile.Open(stored)] });
        foreach ((ConfigurationEntry wanted, ConfigurationEntry found) in configuration.Entries.Zip(there.Entries))
        {
            // Its own name in the journal is the one thing a run does not share with another of the same configuration.
            if (wanted.Key != "icpo.run.id" && wanted.Value != found.Value)
            {
                throw new UsageException(
                    $"{directory} holds a run with {found.Key} = {found.Value}, not {wanted.Value}; choose another --output or remove it."
                );
            }
        }

        return RunHistory.Read(directory).Summary is { State: "completed" };
    }

    private async Task<RunSummary> MakeAsync(IcpoConfiguration configuration)
    {
        string directory = configuration.Settings.Directory;
        string? resume = File.Exists(Path.Combine(directory, "effective.conf")) ? directory : null;
        string file = directory + ".conf";
        if (resume is null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            await File.WriteAllTextAsync(file, configuration.Render());
        }

        string[] arguments = resume is null ? ["train", "--config", file] : ["train", "--resume", resume];
        var start = new ProcessStartInfo(
            Environment.ProcessPath!,
            Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
                ? [typeof(ArmRuns).Assembly.Location, .. arguments]
                : arguments
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Only the run file speaks in the child: what the environment says is in it already.
        foreach (string variable in ConfigurationSources.ProcessEnvironment().Keys)
        {
            start.Environment.Remove(variable);
        }

        using Process child = Process.Start(start) ?? throw new IOException($"{start.FileName} cannot be started.");
        Task<string> output = child.StandardOutput.ReadToEndAsync();
        Task<string> errors = child.StandardError.ReadToEndAsync();
        using (signals.Token.Register(() => PassOn(child)))
        {
            await child.WaitForExitAsync();
        }

        await output;
        File.Delete(file);
        if (child.ExitCode is ExitCode.Done or ExitCode.Stopped && RunHistory.Read(directory).Summary is { } summary)
        {
            return summary;
        }

        string said = (await errors).Trim().Replace("icpo: ", "");
        throw Directory.Exists(directory)
            ? new FailedRunException(Path.Combine(directory, "run.log"), new InvalidOperationException(said))
            : new IOException($"{Path.GetFileName(directory)} did not start: {said}");
    }

    /// <summary>A terminal's Ctrl-C reaches the child too; SIGTERM is for this process alone and is passed on.</summary>
    private void PassOn(Process child)
    {
        if (signals.IsTerminated && !OperatingSystem.IsWindows())
        {
            using var kill = Process.Start("kill", ["-TERM", $"{child.Id}"]);
        }
    }
}
