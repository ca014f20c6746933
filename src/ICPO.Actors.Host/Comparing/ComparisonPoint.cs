using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Statistics;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.Host.Comparing;

/// <summary>All arms compared at one point: at equal updates or at equal seconds.</summary>
/// <param name="Title">Describes the point.</param>
/// <param name="Results">By arm, in the order of the seeds.</param>
/// <param name="Differences">Empty with fewer than two seeds.</param>
internal sealed record ComparisonPoint(
    string Title,
    ImmutableSortedDictionary<string, ImmutableArray<ArmResult>> Results,
    ImmutableArray<ArmDifference> Differences
);

/// <summary>The result of a run at a comparison point.</summary>
/// <param name="Evaluation">The last evaluation up to the point.</param>
/// <param name="EndedBefore">True if the run had ended by then, so more updates might have improved it.</param>
internal sealed record ArmResult(EvaluationLine Evaluation, bool EndedBefore);

/// <summary>The difference between an arm and the baseline.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Questions"><c>all</c>, or a tag such as <c>hard=2</c>.</param>
/// <param name="Paired">Arm minus baseline, paired by seed.</param>
/// <param name="HolmP">The p-value of the t test, adjusted over the arms compared on the same questions.</param>
internal sealed record ArmDifference(string Arm, string Questions, PairedComparison Paired, double HolmP);
