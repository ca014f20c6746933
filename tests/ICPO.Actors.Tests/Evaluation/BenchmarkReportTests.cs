using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Algorithm.Statistics;
using ICPO.Actors.Evaluation;

namespace ICPO.Actors.Tests.Evaluation;

public sealed class BenchmarkReportTests
{
    private static readonly BenchmarkReport Report = new(
        "math500",
        "math500.jsonl",
        4,
        new EvaluationReport(
            [Of("a", "Algebra", 4, 4), Of("b", "Algebra", 4, 1), Of("c", "a|b", 4, 0), Of("d", "a|b", 0, 0, faults: 4)],
            100
        )
    );

    [Fact]
    public void Lines_tell_all_and_every_subject_with_unbiased_pass_at_k()
    {
        ImmutableArray<BenchmarkLine> lines = Report.Lines();
        Assert.Equal([("all", 3), ("subject=Algebra", 2), ("subject=a|b", 1)], lines.Select(l => (l.Name, l.Questions)));
        Assert.Equal((4 + 1 + 0) / 12.0, lines[0].Average.Value, 12);
        Assert.Equal([1, 2, 4], lines[0].PassAtK.Keys);
        Assert.Equal((1 + PassAtK.Estimate(4, 1, 2) + 0) / 3, lines[0].PassAtK[2].Value, 12);
        Assert.Equal(2 / 3.0, lines[0].PassAtK[4].Value, 12);
        Assert.All(lines, line =>
            Assert.All(line.PassAtK.Values.Append(line.Average), share =>
                Assert.InRange(share.Value, share.Interval.Low - 1e-12, share.Interval.High + 1e-12)
            )
        );
    }

    [Fact]
    public void Markdown_is_a_table_whatever_a_subject_is_called_and_tells_faults()
    {
        string[] table = [.. BenchmarkReport.Markdown([Report]).Split('\n').Where(l => l.StartsWith('|'))];
        Assert.Equal("| questions | n | avg@4 | pass@2 | pass@4 |", table[0]);
        Assert.Equal(5, table.Length);
        Assert.All(table, row => Assert.Equal(6, row.Replace("\\|", "", StringComparison.Ordinal).Count(c => c == '|')));
        Assert.Matches(@"(?m)^[^|]*\b4 responses\b", BenchmarkReport.Markdown([Report]));
    }

    [Fact]
    public void Json_holds_what_the_lines_say()
    {
        JsonObject json = Report.Json();
        Assert.Equal(3, json["results"]!.AsArray().Count);
        Assert.Equal(Report.Lines()[0].PassAtK[4].Interval.High, json["results"]![0]!["pass_at_k"]!["4"]!["high"]!.GetValue<double>());
    }

    private static EvaluatedQuestion Of(string id, string subject, int samples, int correct, int faults = 0) =>
        new(id, ImmutableSortedDictionary<string, string>.Empty.Add("subject", subject), samples, correct, faults);
}
