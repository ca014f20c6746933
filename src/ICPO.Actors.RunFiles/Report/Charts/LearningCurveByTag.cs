using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Report.Drawing;

namespace ICPO.Actors.RunFiles.Report.Charts;

/// <summary>Held-out accuracy over updates, one chart per tag with one line per value of it.</summary>
internal sealed class LearningCurveByTag : IReportChart
{
    public bool IsWide => true;

    public IEnumerable<ReportFigure> Figures(RunHistory history)
    {
        if (history.Evaluations.Length < 2)
        {
            yield break;
        }

        IEnumerable<IGrouping<string, string>> tags = history
            .Evaluations.SelectMany(evaluation => evaluation.ByTag.Keys)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .GroupBy(key => key.Split('=')[0]);
        foreach (IGrouping<string, string> tag in tags.Where(tag => tag.Count() is > 1 and <= ChartStyle.Colors))
        {
            yield return new ReportFigure(
                new LineChart
                {
                    Title = $"Learning curve by {tag.Key}",
                    Series = [.. tag.Select(key => Series(history, key))],
                    Percent = true,
                    Top = 1,
                },
                "The same, split by tag."
            );
        }
    }

    private static ChartSeries Series(RunHistory history, string key) =>
        new(
            key,
            [
                .. history
                    .Evaluations.Where(evaluation => evaluation.ByTag.ContainsKey(key))
                    .Select(evaluation => new ChartPoint(evaluation.Update, evaluation.ByTag[key])),
            ]
        );
}
