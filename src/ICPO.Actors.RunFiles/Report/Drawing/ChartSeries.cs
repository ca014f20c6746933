using System.Collections.Immutable;

namespace ICPO.Actors.RunFiles.Report.Drawing;

/// <summary>A point of a line, with a band if <paramref name="Low"/> and <paramref name="High"/> are given.</summary>
public readonly record struct ChartPoint(double X, double Y, double? Low = null, double? High = null);

/// <summary>A line of a chart.</summary>
/// <param name="Name">For the legend; an empty name is left out.</param>
/// <param name="Points">In ascending order of X.</param>
/// <param name="Smooth">Draw the values pale, and over them their moving mean over a tenth of the line.</param>
public sealed record ChartSeries(string Name, ImmutableArray<ChartPoint> Points, bool Smooth = false);
