using System.Collections.Immutable;
using System.Globalization;
using ICPO.Actors.Configuration.Hocon;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.RunFiles.Report;

/// <summary>The tables of a report.</summary>
internal static class ReportTables
{
    /// <summary>Accuracy by tag at the first and the last evaluation.</summary>
    public static string Tags(RunHistory history) =>
        history.Evaluations is [var first, .., var last] && last.ByTag.Count > 0
            ? Table(
                "Accuracy by tag",
                "<th>Questions</th><th class=\"n\">Before</th><th class=\"n\">After</th><th></th>",
                last.ByTag.Select(tag => TagRow(tag.Key, first.ByTag.TryGetValue(tag.Key, out double before) ? before : null, tag.Value))
            )
            : "";

    public static string Settings(ImmutableArray<ConfigurationEntry> changed) =>
        changed.IsEmpty
            ? ""
            : Table(
                "Settings that differ from the reference",
                "<th>Key</th><th>Value</th><th>Reference</th>",
                changed.Select(e => $"<td>{Code(e.Key)}</td><td>{Code(e.Value)}</td><td class=\"soft\">{Code(e.Default)}</td>")
            );

    private static string TagRow(string tag, double? before, double after)
    {
        string width = (100 * after).ToString("0.#", CultureInfo.InvariantCulture);
        return $"<td>{ReportText.Escape(tag)}</td><td class=\"n\">{(before is { } share ? ReportText.Percent(share) : "–")}</td>"
            + $"<td class=\"n\">{ReportText.Percent(after)}</td><td class=\"meter\"><i style=\"width:{width}%\"></i></td>";
    }

    private static string Code(string text) => $"<code>{ReportText.Escape(text)}</code>";

    public static string Table(string title, string head, IEnumerable<string> rows) =>
        $"<section><h2>{title}</h2><div class=\"scroll\"><table><thead><tr>{head}</tr></thead><tbody>\n"
        + string.Concat(rows.Select(row => $"<tr>{row}</tr>"))
        + "\n</tbody></table></div></section>\n";
}
