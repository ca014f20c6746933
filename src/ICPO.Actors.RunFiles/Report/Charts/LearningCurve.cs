using ICPO.Actors.Algorithm.Statistics;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Report.Drawing;

namespace ICPO.Actors.RunFiles.Report.Charts;

/// <summary>Held-out accuracy over updates.</summary>
internal sealed class LearningCurve : IReportChart
{
    public bool IsWide => true;

    public IEnumerable<ReportFigure> Figures(RunHistory history)
    {
        if (history.Evaluations.IsEmpty)
        {
            yield break;
        }

        yield return new ReportFigure(
            new LineChart
            {
                Title = "Learning curve",
                Series = [new ChartSeries("held-out accuracy", [.. history.Evaluations.Select(Point)])],
                Percent = true,
                Top = 1,
            },
            "Zero-shot accuracy on held-out questions, with Wilson's 95 % interval."
        );
    }

    private static ChartPoint Point(EvaluationLine evaluation)
    {
        Interval band = Wilson.Interval(evaluation.Accuracy, evaluation.Questions);
        return new ChartPoint(evaluation.Update, evaluation.Accuracy, band.Low, band.High);
    }
}
