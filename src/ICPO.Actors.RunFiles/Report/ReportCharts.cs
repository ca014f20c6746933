using System.Collections.Immutable;
using System.Net;
using ICPO.Actors.Algorithm.Statistics;

namespace ICPO.Actors.RunFiles.Report;

/// <summary>The figures of a report.</summary>
internal static class ReportCharts
{
    /// <summary>Each with the metrics it draws, by the names of <c>metrics.jsonl</c>.</summary>
    private static readonly ImmutableArray<(
        string Title,
        string Note,
        bool Percent,
        double? Top,
        ImmutableArray<(string Metric, string Name)> Lines
    )> Charts =
    [
        (
            "Reward by origin",
            "Mean reward of the rollouts of an update: sampled from the question alone, and steered by demonstrations.",
            true,
            1,
            [("reward/policy", "policy"), ("reward/expert", "expert")]
        ),
        ("Accepted experts", "Share of expert rollouts inside the expert region.", true, 1, [("expert/accepted-share", "")]),
        (
            "Groups without signal",
            "Share of groups whose rewards are all equal, so that every advantage is 0.",
            true,
            1,
            [("groups/no-signal-share", "")]
        ),
        ("Entropy", "Mean entropy of the policy over response tokens, in nats.", false, null, [("entropy", "")]),
        (
            "Staleness",
            "How many updates old the weights were that sampled a token.",
            false,
            null,
            [("staleness/mean", "mean"), ("staleness/p95", "95th percentile"), ("staleness/max", "largest")]
        ),
        (
            "Throughput",
            "Tokens per second, sampled and trained.",
            false,
            null,
            [("tokens/generated-per-second", "generated"), ("tokens/trained-per-second", "trained")]
        ),
        ("Loss", "The mixed-policy objective, negated.", false, null, [("loss", "")]),
        ("Gradient norm", "Global norm before clipping.", false, null, [("gradient-norm", "")]),
        ("KL to the base model", "k3 estimate per token, in nats.", false, null, [("kl", "")]),
        (
            "Probability of sampled tokens",
            "Mean probability under the question alone, before the update: low for expert tokens that the policy would not find by itself.",
            true,
            1,
            [("policy/probability", "policy"), ("expert/probability", "expert")]
        ),
        (
            "Effective sample size",
            "Of the importance weights, before truncation, as a share.",
            true,
            1,
            [("policy/ess", "policy"), ("expert/ess", "expert")]
        ),
        (
            "Clipped tokens",
            "Share of policy tokens beyond the clip range, by the sign of the advantage.",
            true,
            null,
            [("policy/clipped-high", "A > 0"), ("policy/clipped-low", "A < 0")]
        ),
    ];

    /// <summary>Accuracy over updates with its 95 % interval, and one line per value of each tag.</summary>
    public static string Learning(RunHistory history)
    {
        if (history.Evaluations.IsEmpty)
        {
            return "";
        }

        ChartSeries accuracy = new(
            "held-out accuracy",
            [
                .. history.Evaluations.Select(e =>
                    Wilson.Interval(e.Accuracy, e.Questions) is var band
                        ? new ChartPoint(e.Update, e.Accuracy, band.Low, band.High)
                        : default
                ),
            ]
        );
        var curve = new LineChart
        {
            Title = "Learning curve",
            Series = [accuracy],
            Percent = true,
            Top = 1,
        };
        string figures = Figure(curve, "Zero-shot accuracy on held-out questions, with Wilson's 95 % interval.", wide: true);
        foreach (
            IGrouping<string, string> tag in history
                .Evaluations.SelectMany(e => e.ByTag.Keys)
                .Distinct()
                .Order(StringComparer.Ordinal)
                .GroupBy(key => key.Split('=')[0])
        )
        {
            if (tag.Count() is > 1 and <= ChartStyle.Colours && history.Evaluations.Length > 1)
            {
                ImmutableArray<ChartSeries> lines =
                [
                    .. tag.Select(key => new ChartSeries(
                        key,
                        [.. history.Evaluations.Where(e => e.ByTag.ContainsKey(key)).Select(e => new ChartPoint(e.Update, e.ByTag[key]))]
                    )),
                ];
                figures += Figure(
                    new LineChart
                    {
                        Title = $"Learning curve by {tag.Key}",
                        Series = lines,
                        Percent = true,
                        Top = 1,
                    },
                    "The same, split by tag.",
                    wide: true
                );
            }
        }

        return figures;
    }

    public static string All(RunHistory history)
    {
        IEnumerable<string> figures = Charts
            .Select(c =>
                (
                    Chart: c,
                    Lines: c.Lines.Select(l => new ChartSeries(l.Name, history.Series(l.Metric), Smooth: c.Lines.Length < 3))
                        .Where(s => s.Points.Length > 0)
                        .ToImmutableArray()
                )
            )
            .Where(c => c.Lines.Length > 0)
            .Select(c =>
                Figure(
                    new LineChart
                    {
                        Title = c.Chart.Title,
                        Series = c.Lines,
                        Percent = c.Chart.Percent,
                        Top = c.Chart.Top,
                    },
                    c.Chart.Note,
                    wide: false
                )
            );
        return $"<div class=\"figures\">{string.Concat(figures)}</div>\n";
    }

    /// <summary>A wide figure is drawn twice, for a desk and for a phone, so that its text stays legible on both.</summary>
    private static string Figure(LineChart chart, string note, bool wide)
    {
        string narrow = chart.ToSvg(440, 250);
        string picture = wide ? $"<div class=\"desk\">{chart.ToSvg(960, 320)}</div><div class=\"phone\">{narrow}</div>" : narrow;
        return $"<figure><figcaption><b>{WebUtility.HtmlEncode(chart.Title)}</b> <span class=\"soft\">{WebUtility.HtmlEncode(note)}</span></figcaption>{picture}</figure>\n";
    }
}
