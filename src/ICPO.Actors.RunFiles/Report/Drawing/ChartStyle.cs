namespace ICPO.Actors.RunFiles.Report.Drawing;

/// <summary>Colors of charts, light and dark, for charts in a page and for standalone pictures.</summary>
public static class ChartStyle
{
    /// <summary>Line colors, which repeat for further series.</summary>
    public const int Colors = 6;

    public const string Css = """
        :root{--paper:#fcfcfb;--ink:#1d2129;--soft:#5d6673;--rule:#e3e5e8;--c0:#1f5fbf;--c1:#c2540a;--c2:#0b7a6f;--c3:#8a3fb0;
          --c4:#a3341f;--c5:#6b7280}
        @media (prefers-color-scheme:dark){
        :root{--paper:#14171c;--ink:#e8eaee;--soft:#9aa4b2;--rule:#2a3038;--c0:#6ea8fe;--c1:#f5a054;--c2:#3fd0bd;--c3:#cf9bf0;
          --c4:#f08a77;--c5:#a3adba}}
        .chart{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        .paper{fill:var(--paper)}.grid{stroke:var(--rule);stroke-width:1}.tick,.axis{fill:var(--soft);font-size:12px}
        .legend{fill:var(--ink)}
        .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}.pale{stroke-width:1;opacity:.35}
        .band{opacity:.16;stroke:none}.hit{fill:transparent}
        .line.c0{stroke:var(--c0)}.line.c1{stroke:var(--c1)}.line.c2{stroke:var(--c2)}.line.c3{stroke:var(--c3)}
        .line.c4{stroke:var(--c4)}.line.c5{stroke:var(--c5)}
        .band.c0,.dot.c0{fill:var(--c0)}.band.c1,.dot.c1{fill:var(--c1)}.band.c2,.dot.c2{fill:var(--c2)}
        .band.c3,.dot.c3{fill:var(--c3)}.band.c4,.dot.c4{fill:var(--c4)}.band.c5,.dot.c5{fill:var(--c5)}
        """;
}
