using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;

namespace ICPO.Actors.RunFiles.Report;

/// <summary>A point of a line, with a band where <paramref name="Low"/> and <paramref name="High"/> are given.</summary>
public readonly record struct ChartPoint(double X, double Y, double? Low = null, double? High = null);

/// <summary>A line.</summary>
/// <param name="Name">For the legend; empty leaves it out.</param>
/// <param name="Points">In rising order of X.</param>
/// <param name="Smooth">Draw the values pale, and over them their mean over a tenth of the line.</param>
public sealed record ChartSeries(string Name, ImmutableArray<ChartPoint> Points, bool Smooth = false);

/// <summary>A line chart as SVG: no script, no font, no colour of its own but the classes of <see cref="ChartStyle"/>.</summary>
public sealed record LineChart
{
    private const int LineHeight = 18;
    private const double GlyphWidth = 7.2;

    public required string Title { get; init; }

    public required ImmutableArray<ChartSeries> Series { get; init; }

    public string XLabel { get; init; } = "update";

    /// <summary>Values are shares, to be read as percent.</summary>
    public bool Percent { get; init; }

    /// <summary>The Y axis reaches at least from 0 to this.</summary>
    public double? Top { get; init; }

    /// <summary>The picture; <paramref name="standalone"/> adds the style, for a file of its own.</summary>
    public string ToSvg(int width, int height, bool standalone = false)
    {
        ImmutableArray<(ChartSeries Series, int Colour)> drawn = [.. Series.Select((s, i) => (s, i)).Where(s => s.s.Points.Length > 0)];
        if (drawn.IsEmpty)
        {
            throw new InvalidOperationException($"The chart {Title} has no points.");
        }

        IEnumerable<ChartPoint> points = drawn.SelectMany(d => d.Series.Points);
        ImmutableArray<double> xTicks = Ticks.Of(points.Min(p => p.X), points.Max(p => p.X), width / 70, extend: false);
        ImmutableArray<double> yTicks = YTicks(points, Math.Max(3, height / 55));
        (ImmutableArray<(int X, int Y)> legend, int legendHeight) = Legend(drawn, width);
        int left = 18 + (int)(GlyphWidth * yTicks.Max(t => Label(t).Length));
        var frame = new Frame(
            left,
            width - 14,
            height - 38,
            legendHeight + 10,
            points.Min(p => p.X),
            points.Max(p => p.X),
            yTicks[0],
            yTicks[^1]
        );

        var svg = new StringBuilder();
        svg.Append(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{Escape(Title)}\">"
        );
        svg.Append(standalone ? $"<style>{ChartStyle.Css}</style><rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>" : "");
        foreach (double tick in yTicks)
        {
            svg.Append($"<line class=\"grid\" x1=\"{left}\" x2=\"{frame.Right}\" y1=\"{F(frame.Y(tick))}\" y2=\"{F(frame.Y(tick))}\"/>");
            svg.Append($"<text class=\"tick\" x=\"{left - 7}\" y=\"{F(frame.Y(tick) + 4)}\" text-anchor=\"end\">{Label(tick)}</text>");
        }

        foreach (double tick in xTicks)
        {
            svg.Append(
                $"<text class=\"tick\" x=\"{F(frame.X(tick))}\" y=\"{frame.Bottom + 17}\" text-anchor=\"middle\">{Ticks.Text(tick)}</text>"
            );
        }

        svg.Append($"<text class=\"axis\" x=\"{frame.Right}\" y=\"{height - 5}\" text-anchor=\"end\">{Escape(XLabel)}</text>");
        // The first line lies on top: where lines coincide, the one that is named first is seen.
        for (int i = drawn.Length - 1; i >= 0; i--)
        {
            Draw(svg, frame, drawn[i].Series, drawn[i].Colour % ChartStyle.Colours);
            if (!legend.IsEmpty)
            {
                svg.Append(
                    $"<line class=\"line c{drawn[i].Colour % ChartStyle.Colours}\" x1=\"{legend[i].X}\" x2=\"{legend[i].X + 16}\" y1=\"{legend[i].Y - 4}\" y2=\"{legend[i].Y - 4}\"/>"
                );
                svg.Append($"<text class=\"legend\" x=\"{legend[i].X + 22}\" y=\"{legend[i].Y}\">{Escape(drawn[i].Series.Name)}</text>");
            }
        }

        return svg.Append("</svg>").ToString();
    }

    private static (ImmutableArray<(int X, int Y)> Places, int Height) Legend(
        ImmutableArray<(ChartSeries Series, int Colour)> drawn,
        int width
    )
    {
        if (drawn.All(d => d.Series.Name.Length == 0))
        {
            return ([], 4);
        }

        (int x, int y) = (10, LineHeight - 2);
        ImmutableArray<(int X, int Y)>.Builder places = ImmutableArray.CreateBuilder<(int X, int Y)>();
        foreach ((ChartSeries series, _) in drawn)
        {
            int needed = 40 + (int)(GlyphWidth * series.Name.Length);
            if (x > 10 && x + needed > width)
            {
                (x, y) = (10, y + LineHeight);
            }

            places.Add((x, y));
            x += needed;
        }

        return (places.ToImmutable(), y + 6);
    }

    private void Draw(StringBuilder svg, Frame frame, ChartSeries series, int colour)
    {
        ImmutableArray<ChartPoint> band = [.. series.Points.Where(p => p.Low is not null && p.High is not null)];
        if (band.Length > 1)
        {
            IEnumerable<string> edge =
            [
                .. band.Select(p => At(frame, p.X, p.High!.Value)),
                .. band.Reverse().Select(p => At(frame, p.X, p.Low!.Value)),
            ];
            svg.Append($"<polygon class=\"band c{colour}\" points=\"{string.Join(' ', edge)}\"/>");
        }

        bool smooth = series.Smooth && series.Points.Length >= 20;
        Polyline(svg, frame, series.Points, $"line c{colour}" + (smooth ? " pale" : ""));
        if (smooth)
        {
            Polyline(svg, frame, Means(series.Points), $"line c{colour}");
        }

        bool marked = series.Points.Length <= 40;
        foreach (ChartPoint point in series.Points)
        {
            string title =
                $"{(series.Name.Length > 0 ? series.Name + ", " : "")}{XLabel} {Ticks.Text(point.X)}: {Exact(point.Y)}"
                + (point is { Low: { } low, High: { } high } ? $" (95 % from {Exact(low)} to {Exact(high)})" : "");
            svg.Append(
                $"<circle class=\"{(marked ? $"dot c{colour}" : "hit")}\" cx=\"{F(frame.X(point.X))}\" cy=\"{F(frame.Y(point.Y))}\" r=\"{(marked ? "3" : "5")}\"><title>{Escape(title)}</title></circle>"
            );
        }
    }

    private static void Polyline(StringBuilder svg, Frame frame, ImmutableArray<ChartPoint> points, string style) =>
        svg.Append($"<polyline class=\"{style}\" points=\"{string.Join(' ', points.Select(p => At(frame, p.X, p.Y)))}\"/>");

    /// <summary>Centred means over a tenth of the line.</summary>
    private static ImmutableArray<ChartPoint> Means(ImmutableArray<ChartPoint> points)
    {
        int half = Math.Max(1, points.Length / 20);
        return
        [
            .. points.Select(
                (p, i) => new ChartPoint(p.X, points[Math.Max(0, i - half)..Math.Min(points.Length, i + half + 1)].Average(q => q.Y))
            ),
        ];
    }

    private ImmutableArray<double> YTicks(IEnumerable<ChartPoint> points, int count)
    {
        double low = points.Min(p => p.Low ?? p.Y);
        double high = Math.Max(points.Max(p => p.High ?? p.Y), Top ?? double.NegativeInfinity);
        if (Top is not null || (low >= 0 && low < 0.5 * high))
        {
            low = Math.Min(low, 0);
        }

        return Ticks.Of(low, high, count, extend: true);
    }

    private string Label(double value) => Percent ? Ticks.Text(100 * value) + "%" : Ticks.Text(value);

    private string Exact(double value) => Percent ? $"{100 * value:0.#} %" : value.ToString("G4", CultureInfo.InvariantCulture);

    private static string At(Frame frame, double x, double y) => $"{F(frame.X(x))},{F(frame.Y(y))}";

    private static string F(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>The plot's rectangle in the picture and the values at its edges.</summary>
    private sealed record Frame(int Left, int Right, int Bottom, int Top, double MinX, double MaxX, double MinY, double MaxY)
    {
        public double X(double x) => MaxX > MinX ? Left + ((Right - Left) * (x - MinX) / (MaxX - MinX)) : (Left + Right) / 2.0;

        public double Y(double y) => Bottom - ((Bottom - Top) * (y - MinY) / (MaxY - MinY));
    }
}
