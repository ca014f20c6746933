using System.Collections.Immutable;
using System.Diagnostics;

namespace ICPO.Actors.Host;

/// <summary>Makes the runs of a comparison that are not there yet: one after another in this process, or several in processes of their own.</summary>
internal sealed class ArmRuns(Terminal terminal, StopSignals signals)
{
    /// <summary>True when every run is complete; false when a stop was asked for.</summary>
    /// <exception cref="UsageException">A directory holds a run of another configuration.</exception>
    public async Task<bool> MakeAsync(ImmutableArray<(IcpoConfiguration Configuration, string Label)> runs, int parallel)
    {
        ImmutableArray<(IcpoConfiguration Configuration, string Label)> missing = [.. runs.Where(r => !IsComplete(r.Configuration))];
        terminal.Out.WriteLine($"{runs.Length} runs, {runs.Length - missing.Length} of them complete already.");
        bool complete = true;
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallel };
        int done = runs.Length - missing.Length;
        await Parallel.ForEachAsync(missing, options, async (run, _) =>
        {
            if (signals.Token.IsCancellationRequested)
            {
                complete = false;
                return;
            }

            string directory = run.Configuration.Settings.Directory;
            string? resume = File.Exists(Path.Combine(directory, "effective.conf")) ? directory : null;
            RunSummary summary = parallel == 1
                ? (await TrainCommand.RunAsync(run.Configuration, resume, new PlainView(TextWriter.Null), signals.Token)).Summary
                : await InChildAsync(run.Configuration, resume);
            complete &= summary.State == "completed";
            terminal.Out.WriteLine($"[{Interlocked.Increment(ref done)}/{runs.Length}] {run.Label}: {Sentences.Of(summary)}");
        });
        return complete;
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

        IcpoConfiguration there = IcpoConfiguration.Load(new ConfigurationSources { Files = [ConfigurationFile.Open(stored)] });
        foreach ((ConfigurationEntry wanted, ConfigurationEntry found) in configuration.Entries.Zip(there.Entries))
        {
            // Its own name in the journal is the one thing a run does not share with another of the same configuration.
            if (wanted.Key != "icpo.run.id" && wanted.Value != found.Value)
            {
                throw new UsageException($"{directory} holds a run with {found.Key} = {found.Value}, not {wanted.Value}; choose another --output or remove it.");
            }
        }

        return RunHistory.Read(directory).Summary is { State: "completed" };
    }

    private static async Task<RunSummary> InChildAsync(IcpoConfiguration configuration, string? resume)
    {
        string directory = configuration.Settings.Directory;
        string file = directory + ".conf";
        if (resume is null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            await File.WriteAllTextAsync(file, configuration.Render());
        }

        string[] arguments = resume is null ? ["train", "--config", file] : ["train", "--resume", resume];
        var start = new ProcessStartInfo(Environment.ProcessPath!, Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(ArmRuns).Assembly.Location, .. arguments] : arguments)
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
        await child.WaitForExitAsync();
        await output;
        File.Delete(file);
        return RunHistory.Read(directory).Summary is { } summary && child.ExitCode is Cli.Done or Cli.Stopped
            ? summary
            : throw new RunFailedException(Path.Combine(directory, "run.log"), new InvalidOperationException((await errors).Trim().Replace("icpo: ", "")));
    }
}
