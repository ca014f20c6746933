using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;

namespace ICPO.Actors.RunFiles.Report.Drawing;

/// <summary>A line chart as SVG: no script, no font, and no colors but the classes of <see cref="ChartStyle"/>.</summary>
public sealed record LineChart
{
    private const double GlyphWidth = 7.2;

    public required string Title { get; init; }

    public required ImmutableArray<ChartSeries> Series { get; init; }

    public string XLabel { get; init; } = "update";

    /// <summary>Values are shares, shown in percent.</summary>
    public bool Percent { get; init; }

    /// <summary>The Y axis reaches at least from 0 to this.</summary>
    public double? Top { get; init; }

    /// <summary>The picture; <paramref name="standalone"/> adds the style, for a standalone file.</summary>
    /// <exception cref="InvalidOperationException">No series has a point.</exception>
    public string ToSvg(int width, int height, bool standalone = false)
    {
        ImmutableArray<(ChartSeries Series, int Color)> drawn =
        [
            .. Series.Select((series, index) => (series, index % ChartStyle.Colors)).Where(d => d.series.Points.Length > 0),
        ];
        if (drawn.IsEmpty)
        {
            throw new InvalidOperationException($"The chart {Title} has no points.");
        }

        ImmutableArray<ChartPoint> points = [.. drawn.SelectMany(d => d.Series.Points)];
        ImmutableArray<double> yTicks = YTicks(points, Math.Max(3, height / 55));
        var legend = LegendLayout.Create([.. drawn.Select(d => d.Series.Name)], width, GlyphWidth);
        var frame = new PlotFrame
        {
            Left = 18 + (int)(GlyphWidth * yTicks.Max(t => Label(t).Length)),
            Right = width - 14,
            Bottom = height - 38,
            Top = legend.Height + 10,
            MinX = points.Min(p => p.X),
            MaxX = points.Max(p => p.X),
            MinY = yTicks[0],
            MaxY = yTicks[^1],
        };

        var svg = new StringBuilder();
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" viewBox=\"0 0 {width} {height}\"");
        svg.Append($" role=\"img\" aria-label=\"{Escape(Title)}\">");
        svg.Append(standalone ? $"<style>{ChartStyle.Css}</style><rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>" : "");
        DrawAxes(svg, frame, yTicks, Ticks.Create(frame.MinX, frame.MaxX, width / 70, extend: false));
        svg.Append($"<text class=\"axis\" x=\"{frame.Right}\" y=\"{height - 5}\" text-anchor=\"end\">{Escape(XLabel)}</text>");

        // The first series is drawn last, so that it is the visible one where lines coincide.
        for (int i = drawn.Length - 1; i >= 0; i--)
        {
            (ChartSeries series, int color) = drawn[i];
            DrawSeries(svg, frame, series, color);
            if (!legend.Places.IsEmpty)
            {
                DrawLegend(svg, legend.Places[i], series.Name, color);
            }
        }

        return svg.Append("</svg>").ToString();
    }

    private void DrawAxes(StringBuilder svg, PlotFrame frame, ImmutableArray<double> yTicks, ImmutableArray<double> xTicks)
    {
        foreach (double tick in yTicks)
        {
            string y = PlotFrame.Number(frame.Y(tick));
            svg.Append($"<line class=\"grid\" x1=\"{frame.Left}\" x2=\"{frame.Right}\" y1=\"{y}\" y2=\"{y}\"/>");
            svg.Append($"<text class=\"tick\" x=\"{frame.Left - 7}\" y=\"{PlotFrame.Number(frame.Y(tick) + 4)}\" text-anchor=\"end\">");
            svg.Append($"{Label(tick)}</text>");
        }

        foreach (double tick in xTicks)
        {
            svg.Append($"<text class=\"tick\" x=\"{PlotFrame.Number(frame.X(tick))}\" y=\"{frame.Bottom + 17}\" text-anchor=\"middle\">");
            svg.Append($"{Ticks.Text(tick)}</text>");
        }
    }

    private static void DrawLegend(StringBuilder svg, (int X, int Y) place, string name, int color)
    {
        (int x, int y) = place;
        svg.Append($"<line class=\"line c{color}\" x1=\"{x}\" x2=\"{x + 16}\" y1=\"{y - 4}\" y2=\"{y - 4}\"/>");
        svg.Append($"<text class=\"legend\" x=\"{x + 22}\" y=\"{y}\">{Escape(name)}</text>");
    }

    private void DrawSeries(StringBuilder svg, PlotFrame frame, ChartSeries series, int color)
    {
        ImmutableArray<ChartPoint> band = [.. series.Points.Where(p => p.Low is not null && p.High is not null)];
        if (band.Length > 1)
        {
            IEnumerable<string> edge =
            [
                .. band.Select(p => frame.At(p.X, p.High!.Value)),
                .. band.Reverse().Select(p => frame.At(p.X, p.Low!.Value)),
            ];
            svg.Append($"<polygon class=\"band c{color}\" points=\"{string.Join(' ', edge)}\"/>");
        }

        bool smooth = series.Smooth && series.Points.Length >= 20;
        DrawLine(svg, frame, series.Points, $"line c{color}" + (smooth ? " pale" : ""));
        if (smooth)
        {
            DrawLine(svg, frame, MovingMeans(series.Points), $"line c{color}");
        }

        bool marked = series.Points.Length <= 40;
        (string style, string radius) = marked ? ($"dot c{color}", "3") : ("hit", "5");
        foreach (ChartPoint point in series.Points)
        {
            (string x, string y) = (PlotFrame.Number(frame.X(point.X)), PlotFrame.Number(frame.Y(point.Y)));
            svg.Append($"<circle class=\"{style}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\">");
            svg.Append($"<title>{Escape(Tooltip(series, point))}</title></circle>");
        }
    }

    private string Tooltip(ChartSeries series, ChartPoint point)
    {
        string name = series.Name.Length > 0 ? series.Name + ", " : "";
        string band = point is { Low: { } low, High: { } high } ? $" (95 % from {Exact(low)} to {Exact(high)})" : "";
        return $"{name}{XLabel} {Ticks.Text(point.X)}: {Exact(point.Y)}{band}";
    }

    private static void DrawLine(StringBuilder svg, PlotFrame frame, ImmutableArray<ChartPoint> points, string style) =>
        svg.Append($"<polyline class=\"{style}\" points=\"{string.Join(' ', points.Select(p => frame.At(p.X, p.Y)))}\"/>");

    private static ImmutableArray<ChartPoint> MovingMeans(ImmutableArray<ChartPoint> points)
    {
        int half = Math.Max(1, points.Length / 20);
        return
        [
            .. points.Select(
                (p, i) => new ChartPoint(p.X, points[Math.Max(0, i - half)..Math.Min(points.Length, i + half + 1)].Average(q => q.Y))
            ),
        ];
    }

    private ImmutableArray<double> YTicks(ImmutableArray<ChartPoint> points, int count)
    {
        double low = points.Min(p => p.Low ?? p.Y);
        double high = Math.Max(points.Max(p => p.High ?? p.Y), Top ?? double.NegativeInfinity);
        if (Top is not null || (low >= 0 && low < 0.5 * high))
        {
            low = Math.Min(low, 0);
        }

        return Ticks.Create(low, high, count, extend: true);
    }

    private string Label(double value) => Percent ? Ticks.Text(100 * value) + "%" : Ticks.Text(value);

    private string Exact(double value) => Percent ? $"{100 * value:0.#} %" : value.ToString("G4", CultureInfo.InvariantCulture);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
