using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.RunFiles.Report.Charts;

/// <summary>A chart of the report. A new one is a class in this folder and a line in <see cref="ReportCharts"/>.</summary>
internal interface IReportChart
{
    /// <summary>True for a chart of the full page width.</summary>
    bool IsWide => false;

    /// <summary>Its figures; empty if the run recorded nothing to draw.</summary>
    IEnumerable<ReportFigure> Figures(RunHistory history);
}
