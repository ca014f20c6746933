using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.RunFiles.Audit;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Journal;
using Microsoft.Data.Sqlite;

namespace ICPO.Actors.RunFiles.Tests.Untrusted;

/// <summary>Run directories that hold anything: what is wrong with one run is told, and the others are listed.</summary>
public sealed class UntrustedRunTests : IDisposable
{
    private const string Metric = """{"kind":"update","update":1,"seconds":1.5,"loss/policy":0.25}""";

    private const string Evaluation =
        """{"kind":"evaluation","update":0,"seconds":0.5,"accuracy":0.25,"questions":40,"correct":10,"by_tag":{"hard=2":0.5}}""";

    private const string Sample =
        """{"update":1,"origin":"policy","question":"q","response":"r","verdict":"Correct","reward":1,"advantage":0}""";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> BrokenMetrics =>
        [
            "[]",
            "1",
            "null",
            "\"text\"",
            "{",
            "{}",
            """{"kind":"update","update":1}""",
            """{"kind":"update","update":"1","seconds":1}""",
            """{"kind":"update","update":1e99,"seconds":1}""",
            """{"kind":"update","update":1.5,"seconds":1}""",
            """{"kind":"update","update":-1,"seconds":1}""",
            """{"kind":"update","update":99999999999999999999,"seconds":1}""",
            """{"kind":"update","update":1,"seconds":1e999}""",
            """{"kind":"update","update":1,"seconds":1e300}""",
            """{"kind":"update","update":1,"seconds":-1}""",
            """{"kind":"update","update":1,"seconds":"1"}""",
            """{"kind":3,"update":1,"seconds":1}""",
            """{"kind":"update","update":1,"seconds":1,"loss":1e999}""",
            """{"kind":"update","update":1,"seconds":1,"\ud800":1}""",
            """{"kind":"\ud800","update":1,"seconds":1}""",
            """{"kind":"evaluation","update":1,"seconds":1}""",
            """{"kind":"evaluation","update":1,"seconds":1,"accuracy":0.5,"questions":1e10,"by_tag":{}}""",
            """{"kind":"evaluation","update":1,"seconds":1,"accuracy":null,"questions":1,"by_tag":{}}""",
            """{"kind":"evaluation","update":1,"seconds":1,"accuracy":0.5,"questions":1,"by_tag":[]}""",
            """{"kind":"evaluation","update":1,"seconds":1,"accuracy":0.5,"questions":1,"by_tag":{"a":1e999}}""",
        ];

    public static TheoryData<string> BrokenSamples =>
        [
            "[]",
            "{}",
            Sample.Replace("\"verdict\":\"Correct\",", "", StringComparison.Ordinal),
            Sample.Replace("\"update\":1", "\"update\":1e99", StringComparison.Ordinal),
            Sample.Replace("\"q\"", "[\"q\"]", StringComparison.Ordinal),
            Sample.Replace("\"q\"", "\"\\ud800\"", StringComparison.Ordinal),
            Sample.Replace("\"advantage\":0", "\"advantage\":1e999", StringComparison.Ordinal),
            Sample.Replace("\"reward\":1", "\"reward\":1e999", StringComparison.Ordinal),
            Sample.Replace("\"reward\":1,", "", StringComparison.Ordinal),
        ];

    public static TheoryData<string> BrokenSummaries =>
        [
            "[]",
            "null",
            "{",
            "{}",
            """{"preset": "icpo"}""",
            Summary("\"seed\": 5", "\"seed\": 1e99"),
            Summary("\"seed\": 5", "\"seed\": -1"),
            Summary("\"state\": \"completed\"", "\"state\": null"),
            Summary("\"state\": \"completed\"", "\"state\": 3"),
            Summary("\"seconds\": 12.5", "\"seconds\": 1e999"),
            Summary("\"updates\": 6", "\"updates\": -6"),
            Summary("\"updates\": 6", "\"updates\": 99999999999999999999"),
            Summary("\"accuracy_after\": 0.4", "\"accuracy_after\": 1e999"),
            Summary("{\"hard=2\": 0.5}", "null"),
            Summary("{\"hard=2\": 0.5}", "[1]"),
            Summary("\"preset\": \"icpo\"", "\"preset\": \"\\ud800\""),
        ];

    public static TheoryData<string> BrokenOwners =>
        [
            "[]",
            "null",
            "{}",
            "{",
            """{"host": null, "process": 1, "token": "t", "since": "2026-01-01T00:00:00+00:00", "seen": "2026-01-01T00:01:00+00:00"}""",
            """{"host": "a", "process": 1e99, "token": "t", "since": "2026-01-01T00:00:00+00:00", "seen": "2026-01-01T00:01:00+00:00"}""",
            """{"host": "a", "process": 1, "token": "t", "since": "yesterday", "seen": "2026-01-01T00:01:00+00:00"}""",
            """{"host": "\ud800", "process": 1, "token": "t", "since": "2026-01-01T00:00:00+00:00", "seen": "2026-01-01T00:01:00+00:00"}""",
            """{"host": "a", "process": -1, "token": "t", "since": "0001-01-01T00:00:00+00:00", "seen": "9999-12-31T23:59:59+00:00"}""",
            """{"host": "a", "process": 0, "token": "t", "since": "2026-01-01T00:00:00+00:00", "seen": "0001-01-01T00:00:00+00:00"}""",
        ];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reported_run_files_are_broken_lines()
    {
        foreach (string path in TestSupport.Untrusted.Files("runfiles"))
        {
            string run = Run("bad");
            string name = path.EndsWith(".samples.jsonl", StringComparison.Ordinal) ? "samples.jsonl" : "metrics.jsonl";
            string kind = string.Join('.', Path.GetFileName(path).Split('.')[^2..]);
            string target = kind is "samples.jsonl" or "metrics.jsonl" ? name : kind;
            File.Copy(path, Path.Combine(run, target), overwrite: true);
            TestSupport.Untrusted.ReadOrRefused<InvalidDataException>(new FileInfo(path).Length, () => RunHistory.Read(run));
            Listed();
            Directory.Delete(run, recursive: true);
        }
    }

    [Fact]
    public void Reported_journals_are_told_and_other_runs_are_listed()
    {
        foreach (string path in TestSupport.Untrusted.Files("journal"))
        {
            string run = Run("bad", $"run.id={RunId(path)}");
            File.Copy(path, Path.Combine(run, "journal.db"), overwrite: true);
            Exception? error = TestSupport.Untrusted.Read(new FileInfo(path).Length, () =>
                Assert.NotEmpty(JournalAudit.Check(RunJournal.Open(run), payloads: false).Faults)
            );
            Assert.True(error is null or InvalidDataException or IOException, $"{path}: {error}");
            Listed();
            Directory.Delete(run, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(BrokenMetrics))]
    public void A_metrics_line_of_another_shape_is_broken(string line)
    {
        string run = Run("bad");
        File.WriteAllText(Path.Combine(run, "metrics.jsonl"), $"{Metric}\n{line}\n{Evaluation}\n");
        var history = RunHistory.Read(run);
        Assert.Equal((1, 1, 1), (history.BrokenLines, history.Updates.Length, history.Evaluations.Length));
        Listed();
    }

    [Theory]
    [MemberData(nameof(BrokenSamples))]
    public void A_sample_line_of_another_shape_is_broken(string line)
    {
        string run = Run("bad");
        File.WriteAllText(Path.Combine(run, "samples.jsonl"), $"{Sample}\n{line}\n{Sample}\n");
        var history = RunHistory.Read(run);
        Assert.Equal((1, 2), (history.BrokenLines, history.Samples.Length));
        Listed();
    }

    [Theory]
    [MemberData(nameof(BrokenSummaries))]
    public void A_summary_of_another_shape_is_told(string text)
    {
        string run = Run("bad");
        File.WriteAllText(Path.Combine(run, "summary.json"), text);
        Assert.Contains("summary.json", Assert.Throws<InvalidDataException>(() => RunSummaries.Read(new RunDirectory(run))).Message);
        Assert.NotNull(Listed().Error);
    }

    [Theory]
    [MemberData(nameof(BrokenOwners))]
    public void An_owner_file_of_another_shape_hides_nothing(string text)
    {
        string run = Run("bad");
        File.WriteAllText(Path.Combine(run, "run.owner.json"), text);
        Listed();
    }

    [Theory]
    [InlineData("icpo.verification.timeout = 2000h")]
    [InlineData("icpo.verification.timeout = 2147483647h")]
    [InlineData("icpo.run.updates = 99999999999999999999")]
    [InlineData("icpo { run {")]
    [InlineData("\0\u0001")]
    [InlineData("")]
    public void A_configuration_that_cannot_be_read_is_told(string text)
    {
        string run = Run("bad");
        File.WriteAllText(Path.Combine(run, "effective.conf"), text);
        RunEntry entry = Listed();
        Assert.True(text.Length == 0 || entry.Error is not null);
    }

    [Fact]
    public void A_directory_in_the_place_of_a_file_is_told()
    {
        foreach (string name in new[] { "metrics.jsonl", "summary.json", "run.owner.json", "journal.db", "samples.jsonl" })
        {
            string run = Run("bad");
            Directory.CreateDirectory(Path.Combine(run, name));
            Listed();
            Directory.Delete(run, recursive: true);
        }
    }

    [Fact]
    public void Long_files_cost_memory_in_proportion()
    {
        string run = Run("bad");
        foreach (string line in new[] { "1", "[", Metric, "{\"a\":1}", new string('[', 1000), $"\"{new string('x', 1000)}\"" })
        {
            string text = string.Concat(Enumerable.Repeat(line + "\n", 500_000 / (line.Length + 1)));
            File.WriteAllText(Path.Combine(run, "metrics.jsonl"), text);
            TestSupport.Untrusted.ReadOrRefused<InvalidDataException>(text.Length, () => RunHistory.Read(run));
        }
    }

    /// <summary>Both runs are listed; returns the bad one.</summary>
    private RunEntry Listed()
    {
        Run("good");
        RunEntry[] runs = [.. RunCatalog.Read(_folder.Path, TimeProvider.System)];
        Assert.Equal(["bad", "good"], runs.Select(run => Path.GetFileName(run.Directory)));
        Assert.Null(runs[1].Error);
        Assert.DoesNotContain('\n', runs[0].Error ?? "");
        return runs[0];
    }

    private string Run(string name, params string[] overrides)
    {
        string directory = _folder.Folder(name);
        File.WriteAllText(
            Path.Combine(directory, "effective.conf"),
            IcpoConfiguration.Load(new ConfigurationSources { Overrides = [.. overrides] }).Render()
        );
        return directory;
    }

    /// <summary>The run whose events a journal holds; empty if that cannot be read.</summary>
    private static string RunId(string journal)
    {
        try
        {
            using var connection = new SqliteConnection($"Data Source={journal};Mode=ReadOnly;Pooling=False");
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "SELECT persistence_id FROM journal LIMIT 1";
            return command.ExecuteScalar() is string id ? id.Replace("trajectory-buffer", "", StringComparison.Ordinal).TrimStart('-') : "";
        }
        catch (SqliteException)
        {
            return "";
        }
    }

    private static string Summary(string old, string changed) =>
        """
            {"preset": "icpo", "task": "arithmetic", "seed": 5, "state": "completed", "accuracy_before": 0.1, "accuracy_after": 0.4,
             "accuracy_after_by_tag": {"hard=2": 0.5}, "questions": 40, "updates": 6, "seconds": 12.5, "tokens_generated": 1000,
             "tokens_trained": 900, "groups_admitted": 18, "groups_rejected": 2, "ledger_closes": true, "model": null, "error": null}
            """.Replace(old, changed, StringComparison.Ordinal);
}
