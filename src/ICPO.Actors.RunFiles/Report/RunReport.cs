using System.Collections.Immutable;
using System.Text;
using ICPO.Actors.Configuration;
using ICPO.Actors.Configuration.Hocon;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Report.Charts;
using ICPO.Actors.RunFiles.Report.Drawing;

namespace ICPO.Actors.RunFiles.Report;

/// <summary>
/// Writes <c>report.html</c> into a run directory from the files in it: one page, without scripts or external resources.
/// </summary>
public static class RunReport
{
    /// <summary>Writes the report and returns its path. Series that the run did not record are omitted.</summary>
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
        string title = ReportText.Escape(history.Summary is { } s ? $"{s.Preset} on {s.Task}, seed {s.Seed}" : "ICPO run");
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        page.Append($"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{title}</title>");
        page.Append($"<style>{ChartStyle.Css}{ReportStyle.Css}</style></head><body><main>\n");
        page.Append($"<header><p class=\"kicker\">ICPO.Actors run report</p><h1>{title}</h1>{ReportHeader.Lead(history)}</header>\n");
        page.Append(ReportHeader.Tiles(history));
        page.Append(ReportHealth.Findings(history));
        page.Append(ReportCharts.ToHtml(history, wide: true));
        page.Append(ReportTables.Tags(history));
        page.Append($"<div class=\"figures\">{ReportCharts.ToHtml(history, wide: false)}</div>\n");
        page.Append(ReportHealth.Events(history));
        page.Append(ReportTables.Settings(changed));
        page.Append(ReportSamples.Create(history.Samples));
        if (history.BrokenLines > 0)
        {
            page.Append($"<footer>{history.BrokenLines} lines of the metrics were truncated and are omitted.</footer>");
        }

        return page.Append("</main></body></html>\n").ToString();
    }

    private static ImmutableArray<ConfigurationEntry> Changed(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            var sources = new ConfigurationSources { Files = [ConfigurationFile.Open(path)] };
            return [.. IcpoConfiguration.Load(sources).Entries.Where(e => !e.IsDefault)];
        }
        catch (ConfigurationException)
        {
            // Written by a version with other keys: the run's own figures still make a report.
            return [];
        }
    }
}
