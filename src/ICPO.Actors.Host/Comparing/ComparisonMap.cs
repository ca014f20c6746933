using System.Collections.Immutable;

namespace ICPO.Actors.Host.Comparing;

/// <summary>One table over all settings of a grid: the accuracy of every arm, and how sure its difference to the baseline is.</summary>
internal static class ComparisonMap
{
    private const double Level = 0.05;

    public static string Create(ComparisonSuite suite)
    {
        ImmutableArray<CellComparison> compared = [.. suite.Cells.Where(cell => cell.Comparison is not null)];
        if (compared.IsEmpty)
        {
            return "";
        }

        ImmutableArray<string> arms = compared[0].Comparison!.Arms;
        string head = string.Concat(arms.Select(arm => $"<th class=\"n\">{ComparisonPage.Escape(arm)}</th>"));
        return "<section><h2>All settings at equal updates</h2>"
            + $"<div class=\"scroll\"><table><thead><tr><th>Setting</th>{head}</tr></thead><tbody>\n"
            + string.Concat(suite.Cells.Select(cell => Row(cell, arms)))
            + "</tbody></table></div><p class=\"soft\">Bold: the highest mean of the setting. + and −: above or below the baseline with "
            + "p &lt; 0.05 after Holm's correction over the arms of the setting. A setting with fewer than two seeds has no such test.</p>"
            + "</section>\n";
    }

    private static string Row(CellComparison cell, ImmutableArray<string> arms)
    {
        string name = $"<td>{ComparisonPage.Escape(cell.Cell.Label)}</td>";
        if (cell.Comparison is not { AtUpdates: var point })
        {
            return $"<tr>{name}<td class=\"bad\" colspan=\"{arms.Length}\">failed</td></tr>\n";
        }

        double[] means = [.. arms.Select(arm => Mean(point.Finished(arm)))];
        double best = means.Where(mean => !double.IsNaN(mean)).DefaultIfEmpty(double.NaN).Max();
        return $"<tr>{name}{string.Concat(arms.Select((arm, i) => Entry(point, arm, isBest: means[i] >= best)))}</tr>\n";
    }

    private static string Entry(ComparisonPoint point, string arm, bool isBest)
    {
        ImmutableArray<ArmResult> results = point.Finished(arm);
        if (results.IsEmpty)
        {
            return "<td class=\"n bad\">failed</td>";
        }

        string text = ComparisonText.Spread(Comparison.Accuracies(results, Comparison.AllQuestions), 100);
        ArmDifference? difference = point.Differences.FirstOrDefault(d => d.Arm == arm && d.Questions == Comparison.AllQuestions);
        return $"<td class=\"n\">{(isBest ? $"<b>{text}</b>" : text)}{Mark(difference)}</td>";
    }

    private static string Mark(ArmDifference? difference)
    {
        if (difference is not { HolmP: < Level, Paired: { } paired })
        {
            return "";
        }

        return paired.MeanDifference > 0 ? " +" : " −";
    }

    private static double Mean(ImmutableArray<ArmResult> results) =>
        results.IsEmpty ? double.NaN : Comparison.Accuracies(results, Comparison.AllQuestions).Average();
}
