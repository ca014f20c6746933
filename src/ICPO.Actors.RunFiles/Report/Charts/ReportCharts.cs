using System.Collections.Immutable;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.RunFiles.Report.Charts;

/// <summary>The charts of a report, in their order on the page.</summary>
internal static class ReportCharts
{
    public static ImmutableArray<IReportChart> All { get; } =
    [
        new LearningCurve(),
        new LearningCurveByTag(),
        new RewardByOrigin(),
        new AcceptedExperts(),
        new GroupsWithoutSignal(),
        new Entropy(),
        new Staleness(),
        new StalenessParts(),
        new BusyShares(),
        new Throughput(),
        new Loss(),
        new GradientNorm(),
        new KlToBase(),
        new TokenProbability(),
        new EffectiveSampleSize(),
        new ClippedTokens(),
    ];

    /// <summary>The figures of all wide charts, or of all others, as HTML.</summary>
    public static string ToHtml(RunHistory history, bool wide) =>
        string.Concat(All.Where(chart => chart.IsWide == wide).SelectMany(chart => chart.Figures(history)).Select(f => f.ToHtml(wide)));
}
