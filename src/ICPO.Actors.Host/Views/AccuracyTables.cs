using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Algorithm.Statistics;
using ICPO.Actors.Evaluation;

namespace ICPO.Actors.Host.Views;

/// <summary>Accuracies as aligned text.</summary>
internal static class AccuracyTables
{
    public static string Create(EvaluationReport report)
    {
        AccuracyReport accuracy = report.Accuracy();
        var text = new StringWriter();
        text.WriteLine($"{"questions", -24} {"n", 6} {"accuracy", 10}  95 % interval");
        Row("all", accuracy.Overall);
        foreach ((string tag, Accuracy share) in accuracy.ByTag)
        {
            Row(tag, share);
        }

        foreach ((int k, double share) in accuracy.PassAtK.Where(p => p.Key > 1))
        {
            text.WriteLine($"{$"pass@{k}", -24} {report.Questions.Length, 6} {Format.Percent(share), 10}");
        }

        WriteFaults(text, report);
        return text.ToString();

        void Row(string name, Accuracy share) =>
            text.WriteLine($"{name, -24} {share.Questions, 6} {Format.Percent(share.Value), 10}  {Range(share.Interval)}");
    }

    public static string Create(IEnumerable<BenchmarkReport> reports)
    {
        var text = new StringWriter();
        foreach (BenchmarkReport report in reports)
        {
            BenchmarkLine[] lines = [.. report.Lines()];
            text.WriteLine($"{report.Name}, {report.Samples} response{(report.Samples == 1 ? "" : "s")} per question ({report.File})");
            text.WriteLine(report.Conditions?.Sentence());
            string passes = string.Concat(lines[0].PassAtK.Keys.Where(k => k > 1).Select(k => $"{$"pass@{k}", 10}"));
            text.WriteLine($"{"questions", -32} {"n", 6} {"avg", 8}  {"95 % interval", -18}{passes}");
            foreach (BenchmarkLine line in lines)
            {
                passes = string.Concat(line.PassAtK.Where(p => p.Key > 1).Select(p => $"{Format.Percent(p.Value.Value), 10}"));
                string average = $"{Format.Percent(line.Average.Value), 8}  {Range(line.Average.Interval), -18}";
                text.WriteLine($"{line.Name, -32} {line.Questions, 6} {average}{passes}");
            }

            WriteFaults(text, report.Report);
        }

        return text.ToString();
    }

    private static void WriteFaults(StringWriter text, EvaluationReport report)
    {
        if (report.Faults > 0)
        {
            text.WriteLine($"The verifier failed on {report.Faults} of {report.Samples + report.Faults} responses, which are not counted.");
        }
    }

    private static string Range(Interval interval) => $"{Format.Percent(interval.Low)} to {Format.Percent(interval.High)}";
}
