using System.Collections.Immutable;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.Host.Comparing;

/// <summary>The result of an arm with one seed. Updates, seconds and tokens are sums over its stages.</summary>
/// <param name="Arm">Label of the arm.</param>
/// <param name="Seed">The seed of every stage.</param>
/// <param name="Summary">The summary of the whole chain; peak memory is the maximum over its processes.</param>
/// <param name="Evaluations">The evaluations of the whole chain, with accumulated updates and seconds.</param>
/// <param name="ExpertsAccepted">Share of sampled expert rollouts that were trained on; null if none were sampled.</param>
internal sealed record ArmRun(
    string Arm,
    ulong Seed,
    RunSummary Summary,
    ImmutableArray<EvaluationLine> Evaluations,
    double? ExpertsAccepted
)
{
    /// <summary>Tokens generated per second of the whole run, including its evaluations.</summary>
    public double TokensPerSecond => Summary.TokensGenerated / Math.Max(Summary.Seconds, 1e-3);

    /// <exception cref="IOException">A stage has no summary.</exception>
    public static ArmRun Read(ArmChain chain)
    {
        (long updates, double seconds) = (0, 0);
        ImmutableArray<EvaluationLine>.Builder evaluations = ImmutableArray.CreateBuilder<EvaluationLine>();
        List<RunSummary> summaries = [];
        (double accepted, double generated) = (0, 0);
        foreach (IcpoConfiguration run in chain.Runs)
        {
            var history = RunHistory.Read(run.Settings.Directory);
            RunSummary summary = history.Summary
                ?? throw new IOException($"{run.Settings.Directory} has no summary; repeat the command to complete the run.");
            evaluations.AddRange(history.Evaluations.Select(e => e with { Update = updates + e.Update, Seconds = seconds + e.Seconds }));

            // Traces are not sampled, so there is no acceptance rate.
            foreach (UpdateLine update in run.Settings.Expert.Source == ExpertSource.Steered ? history.Updates : [])
            {
                double experts = update.Values.GetValueOrDefault("expert/generated");
                accepted += experts * update.Values.GetValueOrDefault("expert/acceptance_rate");
                generated += experts;
            }

            (updates, seconds) = (updates + summary.Updates, seconds + summary.Seconds);
            summaries.Add(summary);
        }

        return new ArmRun(
            chain.Arm,
            chain.Seed,
            Combine(summaries),
            evaluations.ToImmutable(),
            generated > 0 ? accepted / generated : null
        );
    }

    private static RunSummary Combine(List<RunSummary> stages) =>
        stages[^1] with
        {
            Preset = FormerNames.CurrentPreset(stages[^1].Preset),
            AccuracyBefore = stages[0].AccuracyBefore,
            Updates = stages.Sum(s => s.Updates),
            Seconds = stages.Sum(s => s.Seconds),
            TokensGenerated = stages.Sum(s => s.TokensGenerated),
            TokensTrained = stages.Sum(s => s.TokensTrained),
            GroupsAdmitted = stages.Sum(s => s.GroupsAdmitted),
            GroupsRejected = stages.Sum(s => s.GroupsRejected),
            LedgerCloses = stages.All(s => s.LedgerCloses),
            PeakMemoryBytes = stages.Max(s => s.PeakMemoryBytes),
        };
}
