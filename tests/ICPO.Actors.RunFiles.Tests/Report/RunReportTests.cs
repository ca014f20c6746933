using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Report;
using ICPO.Actors.RunFiles.Report.Charts;
using ICPO.Actors.RunFiles.Report.Drawing;

namespace ICPO.Actors.RunFiles.Tests.Report;

public sealed class RunReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_report_holds_its_figures_tables_and_samples_and_loads_nothing()
    {
        WriteRun(updates: 30);
        string page = File.ReadAllText(RunReport.Write(_folder.Path));
        foreach (
            string shown in new[]
            {
                "Learning curve",
                "Learning curve by hard",
                "Reward by origin",
                "Accepted experts",
                "Entropy",
                "Staleness",
                "Throughput",
                "7.0\u202F%",
                "95.0\u202F%",
                "icpo.run.seed",
                "Sample rollouts",
                "hard=1",
            }
        )
        {
            Assert.Contains(shown, page);
        }

        Assert.DoesNotContain("Gradient norm", page);
        Assert.DoesNotMatch(new Regex("<(script|link|img|iframe)|url\\(|@import|src="), page);
        Assert.DoesNotContain("http", page.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal));
        Assert.Contains("prefers-color-scheme:dark", page);
        Assert.Contains("A&lt;b&amp;", page);
        Assert.Equal([_folder.In("report.html")], Directory.GetFiles(_folder.Path, "report*"));
    }

    [Fact]
    public void A_report_of_a_run_that_left_nothing_yet_says_so()
    {
        Assert.Contains("summary", File.ReadAllText(RunReport.Write(_folder.Path)));
        Assert.StartsWith(_folder.In("none"), Assert.Throws<DirectoryNotFoundException>(() => RunReport.Write(_folder.In("none"))).Message);
    }

    [Fact]
    public void A_line_that_was_cut_off_is_left_out_and_counted()
    {
        WriteRun(updates: 3);
        File.AppendAllText(_folder.In("metrics.jsonl"), "{\"kind\":\"upd");
        var history = RunHistory.Read(_folder.Path);
        Assert.Equal((3, 1), (history.Updates.Length, history.BrokenLines));
        Assert.Contains("1 lines", File.ReadAllText(RunReport.Write(_folder.Path)));
    }

    [Fact]
    public void An_update_that_was_made_again_counts_as_it_was_made_last()
    {
        File.WriteAllText(
            _folder.In("metrics.jsonl"),
            """
            {"kind":"update","update":1,"seconds":1,"loss":5}
            {"kind":"update","update":2,"seconds":2,"loss":6}
            {"kind":"update","update":2,"seconds":3,"loss":7}

            """
        );
        Assert.Equal([(1L, 5d), (2L, 7d)], RunHistory.Read(_folder.Path).Series("loss"));
    }

    [Fact]
    public void A_metric_is_found_whether_a_run_wrote_its_current_or_its_earlier_name()
    {
        File.WriteAllText(
            _folder.In("metrics.jsonl"),
            """
            {"kind":"update","update":1,"seconds":1,"reward/policy":0.25,"gradient-norm":3,"policy/clipped-high":0.1}
            {"kind":"update","update":2,"seconds":2,"reward/mean/policy":0.5,"grad_norm":4,"clip_ratio/high/policy":0.2}

            """
        );
        var history = RunHistory.Read(_folder.Path);
        Assert.Equal([(1L, 0.25), (2L, 0.5)], history.Series("reward/mean/policy"));
        Assert.Equal([(1L, 3d), (2L, 4d)], history.Series("grad_norm"));
        Assert.Equal([(1L, 0.1), (2L, 0.2)], history.Series("clip_ratio/high/policy"));
        string page = File.ReadAllText(RunReport.Write(_folder.Path));
        Assert.All(["Reward by origin", "Gradient norm", "Clipped tokens"], title => Assert.Contains(title, page));
    }

    [Fact]
    public void Every_chart_class_is_registered_once()
    {
        IEnumerable<Type> charts = typeof(IReportChart)
            .Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IReportChart)));
        Assert.Equal(charts.OrderBy(type => type.Name), ReportCharts.All.Select(chart => chart.GetType()).OrderBy(type => type.Name));
    }

    [Fact]
    public void A_chart_is_well_formed_and_stays_inside_its_frame()
    {
        Gen.Select(Gen.Double[-1e6, 1e6].Array[1, 60], Gen.Int[200, 1000])
            .Sample(
                (values, width) =>
                {
                    var chart = new LineChart
                    {
                        Title = "a < b",
                        Series =
                        [
                            new ChartSeries("line & more", [.. values.Select((v, i) => new ChartPoint(i, v, v - 1, v + 1))], Smooth: true),
                        ],
                    };
                    var svg = XElement.Parse(chart.ToSvg(width, 250, standalone: true));
                    XNamespace ns = "http://www.w3.org/2000/svg";
                    foreach (XElement dot in svg.Descendants(ns + "circle"))
                    {
                        Assert.InRange((double)dot.Attribute("cx")!, 0, width);
                        Assert.InRange((double)dot.Attribute("cy")!, 0, 250);
                    }
                }
            );
    }

    [Theory]
    [InlineData(0, 1, 5, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(3, 97, 5, new[] { 0.0, 20, 40, 60, 80, 100 })]
    [InlineData(2, 2, 3, new[] { 1.0, 2, 3 })]
    public void Ticks_are_round_and_cover_the_axis(double low, double high, int count, double[] expected) =>
        Assert.Equal(expected, Ticks.Create(low, high, count, extend: true).Select(t => Math.Round(t, 9)));

    private void WriteRun(int updates)
    {
        List<string> lines = [];
        for (int update = 0; update <= updates; update++)
        {
            if (update > 0)
            {
                lines.Add(
                    JsonSerializer.Serialize(
                        new Dictionary<string, object>
                        {
                            ["kind"] = "update",
                            ["update"] = update,
                            ["seconds"] = update,
                            ["version"] = update,
                            ["reward/policy"] = 0.1,
                            ["reward/expert"] = 0.6,
                            ["expert/accepted-share"] = 0.6,
                            ["entropy"] = 1.0 / update,
                            ["staleness/mean"] = 0.5,
                            ["staleness/max"] = 1,
                            ["tokens/generated-per-second"] = 9000,
                        }
                    )
                );
            }

            if (update % 10 == 0)
            {
                lines.Add(
                    $$$"""{"kind":"evaluation","update":{{{update}}},"seconds":{{{update}}},"accuracy":0.5,"questions":200,"""
                        + """ "correct":100,"by_tag":{"hard=0":0.7,"hard=1":0.3}}"""
                );
            }
        }

        File.WriteAllLines(_folder.In("metrics.jsonl"), lines);
        File.WriteAllText(
            _folder.In("samples.jsonl"),
            """{"update":1,"group":0,"origin":"policy","question":"AB=","response":"A<b&","verdict":"Wrong","reward":0,"advantage":-0.35}"""
                + "\n"
        );
        File.WriteAllText(
            _folder.In("effective.conf"),
            IcpoConfiguration.Load(new ConfigurationSources { Overrides = ["run.seed=5"] }).Render()
        );
        File.WriteAllText(
            _folder.In("summary.json"),
            JsonSerializer.Serialize(
                new RunSummary
                {
                    Preset = "icpo",
                    Task = "symbol-rules",
                    Seed = 5,
                    State = "completed",
                    AccuracyBefore = 0.07,
                    AccuracyAfter = 0.95,
                    Questions = 500,
                    Updates = updates,
                    Seconds = 130,
                    TokensGenerated = 1000,
                    TokensTrained = 900,
                    GroupsAdmitted = 10,
                    GroupsRejected = 0,
                    LedgerCloses = true,
                }
            )
        );
    }
}
