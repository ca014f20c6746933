using System.Text.RegularExpressions;
using ICPO.Actors.Configuration.Layers;

namespace ICPO.Actors.Configuration.Tests;

/// <summary>Configuration that may hold anything: depth, lengths, counts and durations have bounds.</summary>
public sealed partial class UntrustedConfigurationTests
{
    private const string Outage = "icpo.journal.outage-timeout";

    public static TheoryData<string> Durations =>
        [.. IcpoConfiguration.Load().Entries.Where(entry => Duration().IsMatch(entry.Default)).Select(entry => entry.Key)];

    [Fact]
    public void Reported_files_are_refused()
    {
        foreach (string path in Untrusted.Files("hocon"))
        {
            string text = File.ReadAllText(path);
            Untrusted.Refused<ConfigurationException>(text.Length, () => Load(text));
        }
    }

    [Theory]
    [MemberData(nameof(Durations))]
    public void A_duration_that_no_timer_can_wait_is_refused(string key)
    {
        foreach (string duration in new[] { "577h", "2000h", "2147483647h", "34560001s", "99999999999ms", "0h", "-1s", "1e3s", "5" })
        {
            if (duration == "0h" && key == "icpo.journal.rollout-delay")
            {
                continue;
            }

            ConfigurationException refused = Assert.Throws<ConfigurationException>(() => Load($"{key} = {duration}"));
            Assert.Contains(key, Assert.Single(refused.Problems));
            Assert.Contains(key == Outage ? "288h" : "576h", refused.Message);
        }

        Load($"{key} = {(key == Outage ? "288h" : "576h")}");
    }

    [Theory]
    [InlineData("a{", "}", 65)]
    [InlineData("a{", "", 20_000)]
    [InlineData("a.b{", "}", 10_000)]
    [InlineData("a.", "", 40_000)]
    [InlineData("\"a b\".", "", 10_000)]
    [InlineData("icpo={", "}", 1_000)]
    [InlineData("a = [", "", 5_000)]
    public void Depth_is_bounded(string open, string close, int depth)
    {
        string text = Times(open, depth) + "a = 1" + Times(close, depth);
        Untrusted.Refused<ConfigurationException>(text.Length, () => Load(text));
    }

    [Theory]
    [InlineData("icpo.run.seed = 1\n", 9_999, false)]
    [InlineData("icpo.run.seed = 1\n", 30_000, true)]
    [InlineData("icpo.run.sed = 1\n", 9_999, true)]
    [InlineData("icpo.x { y { z { a = 1, b = 2 } } }\n", 4_999, true)]
    [InlineData("icpo.task.jsonl.fields.tags = [a, b, c]\n", 9_999, false)]
    [InlineData("{\n", 100_000, true)]
    [InlineData("\n", 200_000, false)]
    [InlineData("# a comment\n", 20_000, false)]
    [InlineData("\u2028", 50_000, false)]
    public void Repetition_costs_time_and_memory_in_proportion(string line, int times, bool isRefused)
    {
        string text = Times(line, times);
        Exception? error = Untrusted.Read(text.Length, () => Load(text));
        Assert.Equal(isRefused, error is ConfigurationException);
    }

    [Fact]
    public void Long_keys_values_and_lists_are_refused_or_read()
    {
        string many = new('x', 200_000);
        string[] texts =
        [
            $"icpo.{many} = 1",
            $"\"{many}\" = 1",
            $"icpo.run.updates = {new string('9', 200_000)}",
            $"icpo.verification.timeout = {new string('9', 200_000)}h",
            $"icpo.sampler.temperature = 1e{new string('9', 100_000)}",
            $"icpo.run.seed = {many}",
            $"icpo.verification.composite.parts = [{Times("\"math 1\",", 30_000)}\"none 1\"]",
            $"icpo.verification.math.order = [{Times("boxed,", 30_000)}]",
            $"icpo.preset = {many}",
            $"icpo.journal.connection-string = \"Host={many};Port=a\"",
        ];
        foreach (string text in texts)
        {
            ConfigurationException refused = Untrusted.Refused<ConfigurationException>(text.Length, () => Load(text));
            Assert.All(refused.Problems, problem => Assert.NotEmpty(problem));
        }

        Load($"icpo.run.name = {many}");
    }

    [Fact]
    public void Every_whole_number_has_an_upper_bound()
    {
        string[] whole =
        [
            .. IcpoConfiguration
                .Load()
                .Entries.Where(entry => WholeNumber().IsMatch(entry.Default) && !entry.Key.EndsWith("seed", StringComparison.Ordinal))
                .Select(entry => entry.Key),
        ];
        string[] unbounded = [.. whole.Where(key => IsRefused($"{key} = 1.5") && !IsRefused($"{key} = 2147483647"))];
        Assert.NotEmpty(whole);
        Assert.Empty(unbounded);
    }

    private static bool IsRefused(string text) => Record.Exception(() => Load(text)) is ConfigurationException;

    private static IcpoConfiguration Load(string text) =>
        IcpoConfiguration.Load(new ConfigurationSources { Files = [new ConfigurationFile("run.conf", text)] });

    private static string Times(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    [GeneratedRegex("^[0-9]+(ms|s|m|h)$")]
    private static partial Regex Duration();

    [GeneratedRegex("^[0-9]+$")]
    private static partial Regex WholeNumber();
}
