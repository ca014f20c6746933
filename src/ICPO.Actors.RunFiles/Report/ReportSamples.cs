using System.Collections.Immutable;
using System.Globalization;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Report.Drawing;

namespace ICPO.Actors.RunFiles.Report;

/// <summary>Sample rollouts: up to four each of the first and the last update that has any.</summary>
internal static class ReportSamples
{
    private const int PerUpdate = 4;

    public static string Create(ImmutableArray<SampleLine> samples)
    {
        if (samples.IsEmpty)
        {
            return "";
        }

        long[] updates = [.. new[] { samples[0].Update, samples[^1].Update }.Distinct()];
        return $"<section><h2>Sample rollouts</h2>{string.Concat(updates.Select(update => Update(samples, update)))}</section>\n";
    }

    private static string Update(ImmutableArray<SampleLine> samples, long update)
    {
        IEnumerable<string> shown = samples.Where(s => s.Update == update).Take(PerUpdate).Select(Sample);
        return $"<h3>Update {update}</h3><div class=\"samples\">{string.Concat(shown)}</div>";
    }

    private static string Sample(SampleLine sample)
    {
        string style = sample.Verdict == "Correct" ? "good" : "bad";
        string reward = sample.Reward is { } given ? Ticks.Text(given) : "none";
        string advantage = sample.Advantage.ToString("+0.00;−0.00;0", CultureInfo.InvariantCulture);
        return $"<article><p><span class=\"tag {style}\">{ReportText.Escape(sample.Verdict)}</span>"
            + $"<span class=\"tag\">{ReportText.Escape(sample.Origin)}</span>"
            + $"<span class=\"soft\">reward {reward}, advantage {advantage}</span></p>"
            + $"<pre><span class=\"soft\">{ReportText.Escape(sample.Question)}</span>{ReportText.Escape(sample.Response)}</pre></article>";
    }
}
