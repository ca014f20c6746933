using System.Collections.Immutable;
using ICPO.Actors.Composition;
using ICPO.Actors.Configuration.Hocon;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Views;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.Host.Comparing;

/// <summary>What became of the runs of a comparison.</summary>
/// <param name="IsStopped">A stop was requested before all runs had ended.</param>
/// <param name="Failures">The runs that failed.</param>
internal sealed record ArmOutcome(bool IsStopped, ImmutableArray<FailedRun> Failures);

/// <summary>
/// Runs the incomplete runs of a comparison, each in its own process so that memory measurements are independent. A run that fails does not
/// end the others. If none is complete, a first run that does not even start does: its reason most likely concerns them all.
/// </summary>
/// <param name="terminal">Where progress is written.</param>
/// <param name="signals">Requests to stop.</param>
/// <param name="acceptChangedInputs">Continue runs whose inputs have changed since they started.</param>
internal sealed class ArmRunner(Terminal terminal, StopSignals signals, bool acceptChangedInputs = false)
{
    private bool _isNew;
    private int _runs;
    private int _done;

    /// <exception cref="UsageException">A directory contains a run with another configuration.</exception>
    /// <exception cref="IOException">The first run did not start.</exception>
    public async Task<ArmOutcome> RunAsync(ImmutableArray<ArmChain> chains, RunSlots slots)
    {
        _runs = chains.Sum(chain => chain.Runs.Length);
        ImmutableArray<(ArmChain Chain, ImmutableArray<IcpoConfiguration> Missing)> incomplete =
        [
            .. chains
                .Select(chain => (Chain: chain, Missing: chain.Runs.Where(run => !IsComplete(run)).ToImmutableArray()))
                .Where(chain => !chain.Missing.IsEmpty),
        ];
        _done = _runs - incomplete.Sum(chain => chain.Missing.Length);
        _isNew = _done == 0;
        terminal.Out.WriteLine($"{_runs} runs, {_done} already complete.");

        Queue<(ArmChain Chain, ImmutableArray<IcpoConfiguration> Missing)> waiting = new(incomplete);
        Dictionary<Task<ChainEnd>, long> running = [];
        List<ChainEnd> ended = [];
        while (!IsOver(ended) && waiting.TryPeek(out (ArmChain Chain, ImmutableArray<IcpoConfiguration> Missing) next))
        {
            long need = next.Missing.Max(Memory);
            if (slots.TryTake(need))
            {
                waiting.Dequeue();
                running.Add(RunAsync(next.Chain, next.Missing), need);
                continue;
            }

            ended.Add(await EndOfOneAsync(running, slots));
        }

        while (running.Count > 0)
        {
            ended.Add(await EndOfOneAsync(running, slots));
        }

        if (FirstDidNotStart(ended) is { } error)
        {
            throw error;
        }

        bool isStopped = waiting.Count > 0 || ended.Any(end => end.IsStopped);
        return new ArmOutcome(isStopped, [.. ended.Select(end => end.Failure).OfType<FailedRun>()]);
    }

    /// <summary>What became of a chain; neither a failure nor a stop means that it is complete.</summary>
    private sealed record ChainEnd(bool IsStopped, FailedRun? Failure = null, IOException? Start = null);

    private bool IsOver(List<ChainEnd> ended) => signals.Token.IsCancellationRequested || FirstDidNotStart(ended) is not null;

    private IOException? FirstDidNotStart(List<ChainEnd> ended) => _isNew && ended is [{ Start: { } error }, ..] ? error : null;

    private static async Task<ChainEnd> EndOfOneAsync(Dictionary<Task<ChainEnd>, long> running, RunSlots slots)
    {
        Task<ChainEnd> first = await Task.WhenAny(running.Keys);
        running.Remove(first, out long need);
        slots.Release(need);
        return await first;
    }

    private async Task<ChainEnd> RunAsync(ArmChain chain, ImmutableArray<IcpoConfiguration> missing)
    {
        try
        {
            foreach (IcpoConfiguration run in missing)
            {
                RunSummary? summary = signals.Token.IsCancellationRequested
                    ? null
                    : await TrainingProcess.RunAsync(run, signals, acceptChangedInputs);
                if (summary is not { State: "completed" })
                {
                    return new ChainEnd(IsStopped: true);
                }

                string stage = chain.Runs.Length > 1 ? $", stage {chain.Runs.IndexOf(run) + 1}" : "";
                int count = Interlocked.Increment(ref _done);
                terminal.Out.WriteLine($"[{count}/{_runs}] {chain.Name}{stage}: {SummaryText.Create(summary)}");
            }

            return new ChainEnd(IsStopped: false);
        }
        catch (Exception e) when (e is FailedRunException or IOException or InvalidDataException)
        {
            var failure = FailedRun.Create(chain, e);
            terminal.Out.WriteLine($"[failed] {failure.Name}: {failure.Message}");
            return new ChainEnd(IsStopped: false, failure, e as IOException);
        }
    }

    /// <summary>The estimated peak memory of a run; 0 if nothing is known, or if the model is on another device.</summary>
    private static long Memory(IcpoConfiguration run)
    {
        RunSettings settings = run.Settings;
        try
        {
            return settings.Model.Device == "cpu" && MemoryEstimate.Of(settings) is { } need ? need.Total : 0;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return 0; // the run itself reports what is wrong with its model
        }
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
