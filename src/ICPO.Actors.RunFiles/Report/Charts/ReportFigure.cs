using System.Net;
using ICPO.Actors.RunFiles.Report.Drawing;

namespace ICPO.Actors.RunFiles.Report.Charts;

/// <summary>A chart with the note under its title.</summary>
internal sealed record ReportFigure(LineChart Chart, string Note)
{
    /// <summary>A wide figure is drawn twice, for wide and for narrow screens, so that its text is legible on both.</summary>
    public string ToHtml(bool wide)
    {
        string narrow = Chart.ToSvg(440, 250);
        string picture = wide ? $"<div class=\"desk\">{Chart.ToSvg(960, 320)}</div><div class=\"phone\">{narrow}</div>" : narrow;
        string caption = $"<b>{WebUtility.HtmlEncode(Chart.Title)}</b> <span class=\"soft\">{WebUtility.HtmlEncode(Note)}</span>";
        return $"<figure><figcaption>{caption}</figcaption>{picture}</figure>\n";
    }
}
