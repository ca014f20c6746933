using System.Collections.Immutable;
using System.Text;
using ICPO.Actors.RunFiles.Report.Drawing;

namespace ICPO.Actors.Host.Comparing;

/// <summary>The differences to the baseline on all questions, each with its 95 % interval, as SVG.</summary>
internal static class IntervalChart
{
    private const int Width = 900,
        RowHeight = 26,
        NameWidth = 190;

    /// <returns>An empty text without differences.</returns>
    public static string Create(Comparison comparison, ComparisonPoint point)
    {
        ImmutableArray<ArmDifference> rows = [.. point.Differences.Where(d => d.Questions == Comparison.AllQuestions)];
        if (rows.IsEmpty)
        {
            return "";
        }

        (double low, double high) = (rows.Min(d => Math.Min(0, d.Paired.Interval.Low)), rows.Max(d => Math.Max(0, d.Paired.Interval.High)));
        ImmutableArray<double> ticks = Ticks.Create(100 * low, 100 * high, 8, extend: true);
        int height = (rows.Length * RowHeight) + 46;
        var frame = new PlotFrame
        {
            Left = NameWidth,
            Right = Width - 20,
            Top = 8,
            Bottom = height - 38,
            MinX = ticks[0],
            MaxX = ticks[^1],
            MinY = 0,
            MaxY = rows.Length,
        };
        var svg = new StringBuilder($"<figure><svg class=\"chart\" viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"");
        svg.Append($"Differences to {ComparisonPage.Escape(comparison.Baseline)} with 95 % intervals\">");
        DrawAxis(svg, frame, ticks);
        foreach ((int index, ArmDifference row) in rows.Index())
        {
            DrawRow(svg, frame, row, frame.Y(rows.Length - index - 0.5), index % ChartStyle.Colors);
        }

        svg.Append($"<text class=\"axis\" x=\"{frame.Right}\" y=\"{height - 5}\" text-anchor=\"end\">");
        return svg.Append($"difference to {ComparisonPage.Escape(comparison.Baseline)}, points</text></svg></figure>\n").ToString();
    }

    private static void DrawAxis(StringBuilder svg, PlotFrame frame, ImmutableArray<double> ticks)
    {
        foreach (double tick in ticks)
        {
            string x = PlotFrame.Number(frame.X(tick));
            string style = Math.Abs(tick) < 1e-9 ? "line c5" : "grid";
            svg.Append($"<line class=\"{style}\" x1=\"{x}\" x2=\"{x}\" y1=\"{frame.Top}\" y2=\"{frame.Bottom}\"/>");
            svg.Append($"<text class=\"tick\" x=\"{x}\" y=\"{frame.Bottom + 17}\" text-anchor=\"middle\">{Ticks.Text(tick)}</text>");
        }
    }

    private static void DrawRow(StringBuilder svg, PlotFrame frame, ArmDifference row, double middle, int color)
    {
        string y = PlotFrame.Number(middle);
        string Place(double share) => PlotFrame.Number(frame.X(100 * share));
        svg.Append($"<text class=\"legend\" x=\"{NameWidth - 10}\" y=\"{PlotFrame.Number(middle + 4)}\" text-anchor=\"end\">");
        svg.Append($"{ComparisonPage.Escape(row.Arm)}</text><line class=\"line c{color}\" x1=\"{Place(row.Paired.Interval.Low)}\"");
        svg.Append($" x2=\"{Place(row.Paired.Interval.High)}\" y1=\"{y}\" y2=\"{y}\"/>");
        svg.Append($"<circle class=\"dot c{color}\" cx=\"{Place(row.Paired.MeanDifference)}\" cy=\"{y}\" r=\"4\"><title>");
        svg.Append($"{ComparisonPage.Escape(row.Arm)}: {ComparisonText.Signed(row.Paired.MeanDifference)}</title></circle>");
    }
}
