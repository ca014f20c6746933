using ICPO.Actors.Algorithm.Batches;

namespace ICPO.Actors.Algorithm.Tests.Batches;

public sealed class MetricNamesTests
{
    [Theory]
    [InlineData("reward/policy", "reward/mean/policy")]
    [InlineData("expert/accepted-share", "expert/acceptance_rate")]
    [InlineData("gradient-norm", "grad_norm")]
    [InlineData("learning-rate", "lr")]
    [InlineData("policy/clipped-high", "clip_ratio/high/policy")]
    [InlineData("expert/probability", "probability/expert")]
    [InlineData("rollout/length-mean", "completions/mean_length")]
    [InlineData("loss", "loss")]
    [InlineData("staleness/p95", "staleness/p95")]
    [InlineData("a-metric-of-a-host-app", "a-metric-of-a-host-app")]
    public void An_old_name_becomes_the_current_one_and_others_stay(string old, string current)
    {
        Assert.Equal(current, MetricNames.Current(old));
        Assert.Equal(current, MetricNames.Current(current));
    }

    [Fact]
    public void The_table_of_the_documentation_is_the_mapping()
    {
        string table = File.ReadAllText(Path.Combine(Repository.Root, "docs", "metrics.md"));
        (string Old, string Current)[] rows =
        [
            .. table
                .Split('\n')
                .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
                .Select(line => line.Split('|').Select(cell => cell.Trim(' ', '`')).ToArray())
                .Where(cells => cells[2].Length > 0)
                .Select(cells => (cells[2], cells[1])),
        ];
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Equal(row.Current, MetricNames.Current(row.Old)));
        Assert.Equal(rows.Length, rows.Select(row => row.Current).Distinct().Count());
    }
}
