using System.Collections.Immutable;
using ICPO.Actors.Configuration.Hocon;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Views;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.Host.Comparing;

/// <summary>Runs the incomplete runs of a comparison, each in its own process so that memory measurements are independent.</summary>
/// <param name="terminal">Where progress is written.</param>
/// <param name="signals">Requests to stop.</param>
/// <param name="acceptChangedInputs">Continue runs whose inputs have changed since they started.</param>
internal sealed class ArmRunner(Terminal terminal, StopSignals signals, bool acceptChangedInputs = false)
{
    /// <summary>Returns true if every run is complete, false if a stop was requested.</summary>
    /// <exception cref="UsageException">A directory contains a run with another configuration.</exception>
    public async Task<bool> RunAsync(ImmutableArray<ArmChain> chains, int parallel)
    {
        int runs = chains.Sum(chain => chain.Runs.Length);
        ILookup<ArmChain, IcpoConfiguration> missing = chains
            .SelectMany(chain => chain.Runs.Where(run => !IsComplete(run)).Select(run => (chain, run)))
            .ToLookup(pair => pair.chain, pair => pair.run);
        int done = runs - missing.Sum(chain => chain.Count());
        terminal.Out.WriteLine($"{runs} runs, {done} already complete.");
        int stopped = 0;
        await Parallel.ForEachAsync(missing, new ParallelOptions { MaxDegreeOfParallelism = parallel }, async (chain, _) =>
        {
            foreach (IcpoConfiguration run in chain)
            {
                RunSummary? summary = signals.Token.IsCancellationRequested
                    ? null
                    : await TrainingProcess.RunAsync(run, signals, acceptChangedInputs);
                if (summary is not { State: "completed" })
                {
                    Interlocked.Increment(ref stopped);
                    return;
                }

                string stage = chain.Key.Runs.Length > 1 ? $", stage {chain.Key.Runs.IndexOf(run) + 1}" : "";
                int count = Interlocked.Increment(ref done);
                terminal.Out.WriteLine($"[{count}/{runs}] {chain.Key.Arm}, seed {chain.Key.Seed}{stage}: {SummaryText.Create(summary)}");
            }
        });
        return stopped == 0;
    }

    /// <summary>True if the run's directory contains the completed run.</summary>
    private static bool IsComplete(IcpoConfiguration configuration)
    {
        string directory = configuration.Settings.Directory;
        string file = new RunDirectory(directory).EffectiveConfiguration;
        if (!File.Exists(file))
        {
            return false;
        }

        var stored = IcpoConfiguration.Load(new ConfigurationSources { Files = [ConfigurationFile.Open(file)] });
        foreach ((ConfigurationEntry expected, ConfigurationEntry actual) in configuration.WithAbsolutePaths().Entries.Zip(stored.Entries))
        {
            // Only the run's id in the journal differs between runs of the same configuration.
            if (expected.Key != "icpo.run.id" && expected.Value != actual.Value)
            {
                throw new UsageException(
                    $"{directory} contains a run with {actual.Key} = {actual.Value}, not {expected.Value}; "
                        + "choose another --output or delete the run."
                );
            }
        }

        return RunHistory.Read(directory).Summary is { State: "completed" };
    }
}
