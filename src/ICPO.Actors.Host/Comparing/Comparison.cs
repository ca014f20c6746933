using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Statistics;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.Host.Comparing;

/// <summary>Arms over the same seeds, compared at equal updates and at equal seconds.</summary>
internal sealed record Comparison
{
    /// <summary>Selects all questions instead of those with a tag.</summary>
    public const string AllQuestions = "all";

    public required ImmutableArray<string> Arms { get; init; }

    public required ImmutableArray<ulong> Seeds { get; init; }

    /// <summary>The arm that the others are compared with.</summary>
    public required string Baseline { get; init; }

    /// <summary>The arm whose end determines the time of the comparison at equal seconds, seed by seed.</summary>
    public required string Clock { get; init; }

    /// <summary>The tags by which the questions are split.</summary>
    public required ImmutableArray<string> Tags { get; init; }

    /// <summary>The complete runs.</summary>
    public required ImmutableArray<ArmRun> Runs { get; init; }

    public required ComparisonPoint AtUpdates { get; init; }

    public required ComparisonPoint AtSeconds { get; init; }

    /// <param name="arms">Labels of the arms.</param>
    /// <param name="seeds">Seeds of every arm.</param>
    /// <param name="runs">One per arm and seed, except those that failed; at least one, each with at least one evaluation.</param>
    /// <param name="baseline">The arm that the others are compared with.</param>
    /// <param name="clock">The arm whose end determines the seconds, seed by seed.</param>
    /// <exception cref="InvalidDataException">A run has no evaluation.</exception>
    public static Comparison Create(
        ImmutableArray<string> arms,
        ImmutableArray<ulong> seeds,
        ImmutableArray<ArmRun> runs,
        string baseline,
        string clock
    )
    {
        if (runs.FirstOrDefault(r => r.Evaluations.IsEmpty) is { } run)
        {
            throw new InvalidDataException(
                $"The run of {run.Arm} with seed {run.Seed} has no evaluation; set evaluation.at-end = true or evaluation.every."
            );
        }

        ImmutableArray<string> tags = [.. runs.SelectMany(r => r.Evaluations[^1].ByTag.Keys).Distinct().Order(StringComparer.Ordinal)];
        var builder = new PointBuilder(arms, seeds, runs, baseline, tags);
        long update = runs.Min(r => r.Evaluations[^1].Update);
        var ends = runs.Where(r => r.Arm == clock).ToImmutableDictionary(r => r.Seed, r => r.Evaluations[^1].Seconds);
        return new Comparison
        {
            Arms = arms,
            Seeds = seeds,
            Baseline = baseline,
            Clock = clock,
            Tags = tags,
            Runs = runs,
            AtUpdates = builder.Create($"At equal updates (update {update})", run => new ArmResult(
                run.Seed,
                run.Evaluations.LastOrDefault(e => e.Update <= update),
                EndedBefore: false
            )),
            AtSeconds = builder.Create($"At equal seconds (when {clock} of the same seed ended)", run =>
                ends.TryGetValue(run.Seed, out double end) ? AtSecond(run, end) : Failed(run.Seed)
            ),
        };
    }

    /// <summary>Accuracy by seed, on all questions or on those with a tag; NaN without an evaluation.</summary>
    public static double[] Accuracies(ImmutableArray<ArmResult> results, string questions) =>
        [
            .. results.Select(r =>
                (questions == AllQuestions ? r.Evaluation?.Accuracy : r.Evaluation?.ByTag.GetValueOrDefault(questions, double.NaN))
                ?? double.NaN
            ),
        ];

    private static ArmResult AtSecond(ArmRun run, double end)
    {
        EvaluationLine? evaluation = run.Evaluations.LastOrDefault(e => e.Seconds <= end);
        bool isLast = evaluation is not null && evaluation == run.Evaluations[^1];
        return new ArmResult(run.Seed, evaluation, isLast && run.Evaluations[^1].Seconds < 0.98 * end);
    }

    private static ArmResult Failed(ulong seed) => new(seed, Evaluation: null, EndedBefore: false, HasFailed: true);

    private sealed class PointBuilder(
        ImmutableArray<string> arms,
        ImmutableArray<ulong> seeds,
        ImmutableArray<ArmRun> runs,
        string baseline,
        ImmutableArray<string> tags
    )
    {
        public ComparisonPoint Create(string title, Func<ArmRun, ArmResult> result)
        {
            var results = arms.ToImmutableSortedDictionary(
                arm => arm,
                arm => seeds.Select(seed => Find(arm, seed) is { } run ? result(run) : Failed(seed)).ToImmutableArray(),
                StringComparer.Ordinal
            );
            var point = new ComparisonPoint(title, results, []);
            return point.IsComplete(baseline)
                ? point with
                {
                    Differences = [.. tags.Prepend(AllQuestions).SelectMany(questions => Differences(point, questions))],
                }
                : point;
        }

        private ArmRun? Find(string arm, ulong seed) => runs.FirstOrDefault(run => run.Arm == arm && run.Seed == seed);

        private IEnumerable<ArmDifference> Differences(ComparisonPoint point, string questions)
        {
            ImmutableArray<(string Arm, PairedComparison Paired)> paired =
            [
                .. from arm in arms
                where arm != baseline && point.IsComplete(arm)
                let pair = Pair(point, arm, questions)
                where pair.Baseline.Length >= 2
                select (arm, PairedComparison.Of(pair.Baseline, pair.Arm)),
            ];
            double[] adjusted = Holm.Adjust([.. paired.Select(p => p.Paired.P)]);
            return paired.Select((p, i) => new ArmDifference(p.Arm, questions, p.Paired, adjusted[i]));
        }

        /// <summary>The accuracies of the seeds with which neither run failed.</summary>
        private (double[] Baseline, double[] Arm) Pair(ComparisonPoint point, string arm, string questions)
        {
            (ImmutableArray<ArmResult> left, ImmutableArray<ArmResult> right) = (point.Results[baseline], point.Results[arm]);
            int[] both = [.. Enumerable.Range(0, left.Length).Where(i => !left[i].HasFailed && !right[i].HasFailed)];
            return (Accuracies([.. both.Select(i => left[i])], questions), Accuracies([.. both.Select(i => right[i])], questions));
        }
    }
}
