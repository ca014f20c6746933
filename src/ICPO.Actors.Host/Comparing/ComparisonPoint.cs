using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Statistics;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.Host.Comparing;

/// <summary>All arms compared at one point: at equal updates or at equal seconds.</summary>
/// <param name="Title">Describes the point.</param>
/// <param name="Results">By arm, in the order of the seeds.</param>
/// <param name="Differences">
/// Of arms that were evaluated by then with every seed; paired over the seeds with which neither run failed, of which there are at least
/// two.
/// </param>
internal sealed record ComparisonPoint(
    string Title,
    ImmutableSortedDictionary<string, ImmutableArray<ArmResult>> Results,
    ImmutableArray<ArmDifference> Differences
)
{
    /// <summary>Arms that had no evaluation by then with some of the seeds, one sentence each.</summary>
    public IEnumerable<string> Missing =>
        Results
            .Select(arm =>
                (arm.Key, Seeds: arm.Value.Where(r => !r.HasFailed && r.Evaluation is null).Select(result => result.Seed).ToArray())
            )
            .Where(arm => arm.Seeds.Length > 0)
            .Select(arm =>
                $"{arm.Key} had no evaluation by then with seed {string.Join(", ", arm.Seeds)}, so it is not compared here; set "
                + "evaluation.at-start = true or a smaller evaluation.every."
            );

    /// <summary>True if an arm has a result with every seed of which the run did not fail, and there is one.</summary>
    public bool IsComplete(string arm) => Finished(arm) is { IsEmpty: false } results && results.All(r => r.Evaluation is not null);

    /// <summary>The results of an arm without those of failed runs.</summary>
    public ImmutableArray<ArmResult> Finished(string arm) => [.. Results[arm].Where(result => !result.HasFailed)];
}

/// <summary>The result of a run at a comparison point.</summary>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Evaluation">The last evaluation up to the point; null if there was none by then.</param>
/// <param name="EndedBefore">True if the run had ended by then, so more updates might have improved it.</param>
/// <param name="HasFailed">True if the run failed, or the run that determines the point did; it has no evaluation then.</param>
internal sealed record ArmResult(ulong Seed, EvaluationLine? Evaluation, bool EndedBefore, bool HasFailed = false);

/// <summary>The difference between an arm and the baseline.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Questions"><c>all</c>, or a tag such as <c>hard=2</c>.</param>
/// <param name="Paired">Arm minus baseline, paired by seed.</param>
/// <param name="HolmP">The p-value of the t test, adjusted over the arms compared on the same questions.</param>
internal sealed record ArmDifference(string Arm, string Questions, PairedComparison Paired, double HolmP);
