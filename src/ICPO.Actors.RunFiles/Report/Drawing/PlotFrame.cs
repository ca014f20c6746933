using System.Collections.Immutable;
using System.Globalization;

namespace ICPO.Actors.RunFiles.Report.Drawing;

/// <summary>The plot's rectangle in the picture, in pixels, and the values at its edges.</summary>
internal sealed record PlotFrame
{
    public required int Left { get; init; }

    public required int Right { get; init; }

    public required int Bottom { get; init; }

    public required int Top { get; init; }

    public required double MinX { get; init; }

    public required double MaxX { get; init; }

    public required double MinY { get; init; }

    public required double MaxY { get; init; }

    public double X(double x) => MaxX > MinX ? Left + ((Right - Left) * (x - MinX) / (MaxX - MinX)) : (Left + Right) / 2.0;

    public double Y(double y) => Bottom - ((Bottom - Top) * (y - MinY) / (MaxY - MinY));

    /// <summary>A point in the format of SVG's <c>points</c> attribute.</summary>
    public string At(double x, double y) => $"{Number(X(x))},{Number(Y(y))}";

    public static string Number(double pixels) => pixels.ToString("0.#", CultureInfo.InvariantCulture);
}

/// <summary>The layout of a chart's legend: the start of each entry, and the total height. Empty if no series has a name.</summary>
internal sealed record LegendLayout(ImmutableArray<(int X, int Y)> Places, int Height)
{
    private const int LineHeight = 18;

    public static LegendLayout Create(IReadOnlyList<string> names, int width, double glyphWidth)
    {
        if (names.All(name => name.Length == 0))
        {
            return new([], 4);
        }

        (int x, int y) = (10, LineHeight - 2);
        ImmutableArray<(int X, int Y)>.Builder places = ImmutableArray.CreateBuilder<(int X, int Y)>(names.Count);
        foreach (string name in names)
        {
            int needed = 40 + (int)(glyphWidth * name.Length);
            if (x > 10 && x + needed > width)
            {
                (x, y) = (10, y + LineHeight);
            }

            places.Add((x, y));
            x += needed;
        }

        return new(places.ToImmutable(), y + 6);
    }
}
