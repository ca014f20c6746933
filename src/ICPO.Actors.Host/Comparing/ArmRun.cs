using System.Collections.Immutable;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Report;

namespace ICPO.Actors.Host.Comparing;

/// <summary>A finished arm with a seed. Stages add up: updates, seconds and tokens are of all of them.</summary>
/// <param name="Arm">Its label.</param>
/// <param name="Seed">Of every stage.</param>
/// <param name="Summary">Of the whole chain; the greatest peak of memory of its processes.</param>
/// <param name="Evaluations">Of the whole chain, on one clock.</param>
/// <param name="ExpertsAccepted">Share of sampled expert rollouts that were trained on; null where none were sampled.</param>
internal sealed record ArmRun(
    string Arm,
    ulong Seed,
    RunSummary Summary,
    ImmutableArray<EvaluationLine> Evaluations,
    double? ExpertsAccepted
)
{
    /// <summary>Tokens generated in a second, over the whole run with its evaluations.</summary>
    public double TokensPerSecond => Summary.TokensGenerated / Math.Max(Summary.Seconds, 1e-3);

    /// <exception cref="IOException">A stage has no summary.</exception>
    public static ArmRun Read(ArmRuns.Chain chain)
    {
        (long updates, double seconds) = (0, 0);
        ImmutableArray<EvaluationLine>.Builder evaluations = ImmutableArray.CreateBuilder<EvaluationLine>();
        List<RunSummary> summaries = [];
        (double accepted, double generated) = (0, 0);
        foreach (IcpoConfiguration run in chain.Runs)
        {
            var history = RunHistory.Read(run.Settings.Directory);
            RunSummary summary = history.Summary
                ?? throw new IOException($"{run.Settings.Directory} has no summary; run the same command again.");
            evaluations.AddRange(history.Evaluations.Select(e => e with { Update = updates + e.Update, Seconds = seconds + e.Seconds }));
            // What was not sampled but read from the pool is accepted by definition.
            foreach (UpdateLine update in run.Settings.Expert.Source == ExpertSource.Steered ? history.Updates : [])
            {
                double experts = update.Values.GetValueOrDefault("expert/generated");
                (accepted, generated) = (
                    accepted + (experts * update.Values.GetValueOrDefault("expert/accepted-share")),
                    generated + experts
                );
            }

            (updates, seconds) = (updates + summary.Updates, seconds + summary.Seconds);
            summaries.Add(summary);
        }

        RunSummary whole = summaries[^1] with
        {
            AccuracyBefore = summaries[0].AccuracyBefore,
            Updates = updates,
            Seconds = seconds,
            TokensGenerated = summaries.Sum(s => s.TokensGenerated),
            TokensTrained = summaries.Sum(s => s.TokensTrained),
            GroupsAdmitted = summaries.Sum(s => s.GroupsAdmitted),
            GroupsRejected = summaries.Sum(s => s.GroupsRejected),
            LedgerCloses = summaries.All(s => s.LedgerCloses),
            PeakMemoryBytes = summaries.Max(s => s.PeakMemoryBytes),
        };
        return new ArmRun(chain.Arm, chain.Seed, whole, evaluations.ToImmutable(), generated > 0 ? accepted / generated : null);
    }
}
