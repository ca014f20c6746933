using System.Collections.Immutable;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Report.Drawing;

namespace ICPO.Actors.Host.Comparing;

/// <summary>Draws the accuracy of each arm: the mean over seeds of the last evaluation, with the range from minimum to maximum.</summary>
internal static class ComparisonChart
{
    /// <param name="label">The name of the x axis.</param>
    /// <param name="position">The position of an evaluation on the x axis.</param>
    /// <param name="standalone">Adds the style, for a standalone file.</param>
    /// <returns>An SVG document.</returns>
    public static string Create(Comparison comparison, string label, Func<EvaluationLine, double> position, bool standalone = true)
    {
        var chart = new LineChart
        {
            Title = $"Held-out accuracy by {label}: mean of {comparison.Seeds.Length} seeds, range from minimum to maximum",
            Series =
            [
                .. comparison.Arms.Select(arm => Series(arm, [.. comparison.Runs.Where(r => r.Arm == arm).Select(r => r.Evaluations)])),
            ],
            XLabel = label,
            Percent = true,
            Top = 1,
        };
        return chart.ToSvg(900, 420, standalone) + "\n";

        ChartSeries Series(string arm, ImmutableArray<ImmutableArray<EvaluationLine>> runs)
        {
            if (runs.IsEmpty)
            {
                return new ChartSeries(arm, []);
            }

            (double from, double to) = (runs.Max(r => position(r[0])), runs.Min(r => position(r[^1])));
            IEnumerable<double> points = runs.SelectMany(r => r.Select(position)).Where(p => p >= from && p <= to).Distinct().Order();
            return new ChartSeries(arm, [.. points.Select(p => Point(p, runs))]);
        }

        ChartPoint Point(double at, ImmutableArray<ImmutableArray<EvaluationLine>> runs)
        {
            double[] accuracies = [.. runs.Select(r => r.Last(e => position(e) <= at).Accuracy)];
            return new ChartPoint(at, accuracies.Average(), accuracies.Min(), accuracies.Max());
        }
    }
}
