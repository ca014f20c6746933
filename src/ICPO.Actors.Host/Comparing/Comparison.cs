using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Statistics;
using ICPO.Actors.RunFiles.Report;

namespace ICPO.Actors.Host.Comparing;

/// <summary>What a run had reached at the moment of comparison.</summary>
/// <param name="Evaluation">The last one not later than that moment.</param>
/// <param name="EndedBefore">The run was over by then and might have gone further.</param>
internal sealed record Standing(EvaluationLine Evaluation, bool EndedBefore);

/// <summary>An arm against the baseline on some questions.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Questions"><c>all</c>, or a tag such as <c>hard=2</c>.</param>
/// <param name="Paired">By seed; what the arm has over the baseline.</param>
/// <param name="HolmP">The t test's p, adjusted over the arms compared on the same questions.</param>
internal sealed record ArmDifference(string Arm, string Questions, PairedComparison Paired, double HolmP);

/// <summary>All arms at one moment.</summary>
/// <param name="Title">Which moment.</param>
/// <param name="Standings">By arm, in the order of the seeds.</param>
/// <param name="Differences">Empty with fewer than two seeds.</param>
internal sealed record Moment(
    string Title,
    ImmutableSortedDictionary<string, ImmutableArray<Standing>> Standings,
    ImmutableArray<ArmDifference> Differences
);

/// <summary>Arms over the same seeds, compared at equal updates and at equal seconds.</summary>
internal sealed record Comparison(
    ImmutableArray<string> Arms,
    ImmutableArray<ulong> Seeds,
    string Baseline,
    string Clock,
    ImmutableArray<string> Tags,
    ImmutableArray<ArmRun> Runs,
    Moment AtUpdates,
    Moment AtSeconds
)
{
    public const string AllQuestions = "all";

    /// <param name="runs">One per arm and seed, each with one evaluation at least.</param>
    /// <param name="clock">The arm whose end sets the seconds, seed by seed.</param>
    public static Comparison Of(
        ImmutableArray<string> arms,
        ImmutableArray<ulong> seeds,
        ImmutableArray<ArmRun> runs,
        string baseline,
        string clock
    )
    {
        foreach (ArmRun run in runs.Where(r => r.Evaluations.IsEmpty))
        {
            throw new InvalidDataException(
                $"The run of {run.Arm} with seed {run.Seed} was never evaluated; compare needs evaluation.at-end or evaluation.every."
            );
        }

        ImmutableArray<string> tags = [.. runs.SelectMany(r => r.Evaluations[^1].ByTag.Keys).Distinct().Order(StringComparer.Ordinal)];
        long update = runs.Min(r => r.Evaluations[^1].Update);
        var ends = runs.Where(r => r.Arm == clock).ToImmutableDictionary(r => r.Seed, r => r.Evaluations[^1].Seconds);
        return new Comparison(
            arms,
            seeds,
            baseline,
            clock,
            tags,
            runs,
            At($"At equal updates (update {update})", (_, e) => e.Update <= update, mayEnd: false),
            At($"At equal seconds (when {clock} of the same seed ended)", (run, e) => e.Seconds <= ends[run.Seed], mayEnd: true)
        );

        Moment At(string title, Func<ArmRun, EvaluationLine, bool> reached, bool mayEnd)
        {
            var standings = arms.ToImmutableSortedDictionary(
                arm => arm,
                arm =>
                    seeds
                        .Select(seed => runs.Single(r => r.Arm == arm && r.Seed == seed))
                        .Select(run =>
                        {
                            EvaluationLine at = run.Evaluations.LastOrDefault(e => reached(run, e)) ?? run.Evaluations[0];
                            return new Standing(at, mayEnd && at == run.Evaluations[^1] && at.Seconds < 0.98 * ends[run.Seed]);
                        })
                        .ToImmutableArray(),
                StringComparer.Ordinal
            );
            return new Moment(
                title,
                standings,
                seeds.Length < 2 ? [] : [.. tags.Prepend(AllQuestions).SelectMany(q => Differences(standings, q))]
            );
        }

        IEnumerable<ArmDifference> Differences(ImmutableSortedDictionary<string, ImmutableArray<Standing>> standings, string questions)
        {
            ImmutableArray<(string Arm, PairedComparison Paired)> paired =
            [
                .. arms.Where(arm => arm != baseline)
                    .Select(arm => (arm, PairedComparison.Of(Values(standings[baseline], questions), Values(standings[arm], questions)))),
            ];
            double[] adjusted = Holm.Adjust([.. paired.Select(p => p.Paired.P)]);
            return paired.Select((p, i) => new ArmDifference(p.Arm, questions, p.Paired, adjusted[i]));
        }
    }

    /// <summary>Accuracy by seed on all questions or on those of a tag.</summary>
    public static double[] Values(ImmutableArray<Standing> standings, string questions) =>
        [
            .. standings.Select(s =>
                questions == AllQuestions ? s.Evaluation.Accuracy : s.Evaluation.ByTag.GetValueOrDefault(questions, double.NaN)
            ),
        ];
}
