using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using ICPO.Actors.Configuration;
using ICPO.Actors.Configuration.Hocon;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.RunFiles.Report;

/// <summary>
/// Writes <c>report.html</c> into a run directory from the files that lie there: one page, no script, nothing loaded from elsewhere.
/// </summary>
public static class RunReport
{
    /// <summary>Writes the report and gives its path. Series that the run did not record are left out.</summary>
    /// <exception cref="IOException">The directory is missing, or cannot be read or written.</exception>
    public static string Write(string runDirectory)
    {
        string path = Path.Combine(runDirectory, "report.html");
        string page = Page(RunHistory.Read(runDirectory), Changed(Path.Combine(runDirectory, "effective.conf")));
        string unfinished = path + ".tmp";
        File.WriteAllText(unfinished, page);
        File.Move(unfinished, path, overwrite: true);
        return path;
    }

    private static string Page(RunHistory history, ImmutableArray<ConfigurationEntry> changed)
    {
        string title = history.Summary is { } s ? $"{s.Preset} on {s.Task}, seed {s.Seed}" : "ICPO run";
        var page = new StringBuilder();
        page.Append(
            $"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{Escape(title)}</title>"
        );
        page.Append($"<style>{ChartStyle.Css}{ReportStyle.Css}</style></head><body><main>\n");
        page.Append($"<header><p class=\"kicker\">ICPO.Actors run report</p><h1>{Escape(title)}</h1>{Lead(history)}</header>\n");
        page.Append(Tiles(history));
        page.Append(ReportCharts.Learning(history));
        page.Append(Tags(history));
        page.Append(ReportCharts.All(history));
        page.Append(Settings(changed));
        page.Append(Samples(history.Samples));
        if (history.BrokenLines > 0)
        {
            page.Append($"<footer>{history.BrokenLines} lines of the metrics were cut off and are left out.</footer>");
        }

        return page.Append("</main></body></html>\n").ToString();
    }

    private static string Lead(RunHistory history) =>
        history.Summary switch
        {
            null => "<p class=\"lead\">This run has no summary: it is still going on, or it was killed.</p>",
            { Error: { } error } => $"<p class=\"lead bad\">The run failed: {Escape(error)}</p>",
            { AccuracyBefore: { } before, AccuracyAfter: { } after } s =>
                $"<p class=\"lead\">Zero-shot accuracy on {s.Questions} held-out questions went from <b>{Percent(before)}</b> to <b>{Percent(after)}</b> in {s.Updates} updates and {Duration(s.Seconds)}.{Stopped(s)}</p>",
            { } s => $"<p class=\"lead\">{s.Updates} updates in {Duration(s.Seconds)}.{Stopped(s)}</p>",
        };

    private static string Stopped(RunSummary summary) => summary.State == "stopped" ? " The run was stopped early; it can be resumed." : "";

    private static string Tiles(RunHistory history)
    {
        if (history.Summary is not { } s)
        {
            return "";
        }

        (string Name, string? Value)[] tiles =
        [
            ("Accuracy before", s.AccuracyBefore is { } before ? Percent(before) : null),
            ("Accuracy after", s.AccuracyAfter is { } after ? Percent(after) : null),
            ("Updates", Count(s.Updates)),
            ("Time", Duration(s.Seconds)),
            ("Tokens generated", Count(s.TokensGenerated)),
            ("Tokens trained", Count(s.TokensTrained)),
            ("Groups admitted", Count(s.GroupsAdmitted)),
            ("Groups rejected", Count(s.GroupsRejected)),
            ("Ledger", s.LedgerCloses ? "closes" : "does not close"),
        ];
        return $"<dl class=\"tiles\">{string.Concat(tiles.Where(t => t.Value is not null).Select(t => $"<div><dt>{t.Name}</dt><dd>{t.Value}</dd></div>"))}</dl>\n";
    }

    private static string Tags(RunHistory history) =>
        history.Evaluations is [var first, .., var last] && last.ByTag.Count > 0
            ? $"""
                <section><h2>Accuracy by tag</h2><div class="scroll"><table><thead><tr><th>Questions</th><th class="n">Before</th><th class="n">After</th><th></th></tr></thead><tbody>
                {string.Concat(
                    last.ByTag.Select(t =>
                        $"<tr><td>{Escape(t.Key)}</td><td class=\"n\">{(first.ByTag.TryGetValue(t.Key, out double before) ? Percent(before) : "–")}</td><td class=\"n\">{Percent(t.Value)}</td><td class=\"meter\"><i style=\"width:{(100 * t.Value).ToString("0.#", CultureInfo.InvariantCulture)}%\"></i></td></tr>"
                    )
                )}
                </tbody></table></div></section>

                """
            : "";

    private static string Settings(ImmutableArray<ConfigurationEntry> changed) =>
        changed.IsEmpty
            ? ""
            : $"""
                <section><h2>Settings that differ from the reference</h2><div class="scroll"><table><thead><tr><th>Key</th><th>Value</th><th>Reference</th></tr></thead><tbody>
                {string.Concat(
                    changed.Select(e =>
                        $"<tr><td><code>{Escape(e.Key)}</code></td><td><code>{Escape(e.Value)}</code></td><td class=\"soft\"><code>{Escape(e.Default)}</code></td></tr>"
                    )
                )}
                </tbody></table></div></section>

                """;

    /// <summary>Up to four rollouts each of the first and the last update that has any.</summary>
    private static string Samples(ImmutableArray<SampleLine> samples)
    {
        if (samples.IsEmpty)
        {
            return "";
        }

        long[] shown = [.. new[] { samples[0].Update, samples[^1].Update }.Distinct()];
        return "<section><h2>Sample rollouts</h2>"
            + string.Concat(
                shown.Select(update =>
                    $"<h3>Update {update}</h3><div class=\"samples\">{string.Concat(samples.Where(s => s.Update == update).Take(4).Select(Sample))}</div>"
                )
            )
            + "</section>\n";
    }

    private static string Sample(SampleLine sample) =>
        $"<article><p><span class=\"tag {(sample.Verdict == "Correct" ? "good" : "bad")}\">{Escape(sample.Verdict)}</span><span class=\"tag\">{Escape(sample.Origin)}</span>"
        + $"<span class=\"soft\">reward {(sample.Reward is { } reward ? Ticks.Text(reward) : "none")}, advantage {sample.Advantage.ToString("+0.00;−0.00;0", CultureInfo.InvariantCulture)}</span></p>"
        + $"<pre><span class=\"soft\">{Escape(sample.Question)}</span>{Escape(sample.Response)}</pre></article>";

    private static ImmutableArray<ConfigurationEntry> Changed(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            return
            [
                .. IcpoConfiguration
                    .Load(new ConfigurationSources { Files = [ConfigurationFile.Open(path)] })
                    .Entries.Where(e => !e.IsDefault),
            ];
        }
        catch (ConfigurationException)
        {
            // Written by a version with other keys: the run's own figures still make a report.
            return [];
        }
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + "\u202F%";

    private static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '\u202F');

    private static string Duration(double seconds) =>
        seconds switch
        {
            < 100 => $"{seconds:0} s",
            < 6000 => $"{Math.Floor(seconds / 60):0} min {seconds % 60:00} s",
            _ => $"{Math.Floor(seconds / 3600):0} h {seconds % 3600 / 60:00} min",
        };
}
