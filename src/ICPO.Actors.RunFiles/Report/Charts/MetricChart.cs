using System.Collections.Immutable;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Report.Drawing;

namespace ICPO.Actors.RunFiles.Report.Charts;

/// <summary>Lines of metrics over updates; a metric that the run did not record is omitted.</summary>
internal abstract class MetricChart(string title, string note) : IReportChart
{
    /// <summary>The metrics by the names of docs/metrics.md, each with its name in the legend.</summary>
    protected abstract ImmutableArray<(string Metric, string Name)> Lines { get; }

    /// <summary>Values are shares, shown in percent.</summary>
    protected virtual bool Percent => false;

    /// <summary>The Y axis reaches at least from 0 to this.</summary>
    protected virtual double? Top => null;

    public IEnumerable<ReportFigure> Figures(RunHistory history)
    {
        ImmutableArray<ChartSeries> series =
        [
            .. Lines
                .Select(line => new ChartSeries(line.Name, Points(history, line.Metric), Smooth: Lines.Length < 3))
                .Where(line => line.Points.Length > 0),
        ];
        if (series.Length > 0)
        {
            yield return new ReportFigure(
                new LineChart
                {
                    Title = title,
                    Series = series,
                    Percent = Percent,
                    Top = Top,
                },
                note
            );
        }
    }

    private static ImmutableArray<ChartPoint> Points(RunHistory history, string metric) =>
        [.. history.Series(metric).Select(point => new ChartPoint(point.Update, point.Value))];
}

/// <summary>A chart of shares, from 0 to 100 %.</summary>
internal abstract class ShareChart(string title, string note) : MetricChart(title, note)
{
    protected override bool Percent => true;

    protected override double? Top => 1;
}
