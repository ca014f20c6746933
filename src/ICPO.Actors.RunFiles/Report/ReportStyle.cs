using ICPO.Actors.RunFiles.Report.Drawing;

namespace ICPO.Actors.RunFiles.Report;

/// <summary>The report's style over <see cref="ChartStyle"/>'s colors.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root{color-scheme:light dark;--card:#fff}@media (prefers-color-scheme:dark){:root{--card:#1a1e25}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
          "Helvetica Neue",Arial,sans-serif}
        main{max-width:1040px;margin:0 auto;padding:32px 20px 64px}header{margin-bottom:24px}
        .kicker{margin:0;color:var(--soft);font-size:14px}h1{margin:4px 0 12px;font-size:clamp(24px,4vw,34px);line-height:1.2}
        h2{font-size:20px;margin:40px 0 12px}h3{font-size:16px;margin:20px 0 8px}
        .lead{margin:0;font-size:18px;max-width:68ch}.soft{color:var(--soft)}.bad{color:var(--c4)}
        .tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));margin:0 0 24px;background:var(--card);
          border:1px solid var(--rule);border-radius:10px;overflow:hidden}
        .tiles div{padding:12px 14px;box-shadow:0 0 0 .5px var(--rule)}dt{color:var(--soft);font-size:13px}
        dd{margin:2px 0 0;font-size:19px;font-weight:600;font-variant-numeric:tabular-nums}
        figure{margin:0 0 16px;padding:14px 14px 8px;background:var(--card);border:1px solid var(--rule);border-radius:10px;min-width:0}
        figcaption{font-size:14px;margin-bottom:8px}figcaption b{display:block;font-size:16px}.chart{display:block;width:100%;height:auto}
        .figures{display:grid;margin-top:32px;grid-template-columns:repeat(auto-fill,minmax(min(100%,440px),1fr));gap:16px}
        .figures figure{margin:0;display:flex;flex-direction:column;justify-content:space-between}.phone{display:none}
        .scroll{overflow-x:auto;border:1px solid var(--rule);border-radius:10px;background:var(--card)}
        table{border-collapse:collapse;width:100%;font-size:14px}
        th,td{text-align:left;padding:8px 14px;border-bottom:1px solid var(--rule);white-space:nowrap}
        td.wrap{white-space:normal}
        tr:last-child td{border-bottom:0}th{color:var(--soft);font-weight:500}.n{text-align:right;font-variant-numeric:tabular-nums}
        .meter{width:40%;min-width:120px}.meter i{display:block;height:8px;border-radius:4px;background:var(--c0)}
        code,pre{font-family:ui-monospace,"Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:13px}
        .samples{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,440px),1fr));gap:12px}
        article{border:1px solid var(--rule);border-radius:10px;background:var(--card);padding:10px 14px;min-width:0}
        article p{margin:0 0 6px;font-size:13px}pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
        .tag{display:inline-block;border:1px solid currentColor;border-radius:999px;padding:0 9px;margin-right:6px;
          color:var(--soft)}.tag.good{color:var(--c2)}.tag.bad{color:var(--c4)}
        footer{margin-top:32px;color:var(--soft);font-size:14px}@media (max-width:700px){main{padding:20px 12px 48px}
        .desk{display:none}.phone{display:block}.tiles{grid-template-columns:1fr 1fr}}
        """;
}
