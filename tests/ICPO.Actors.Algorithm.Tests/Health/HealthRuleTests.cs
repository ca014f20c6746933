using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Health;
using ICPO.Actors.Algorithm.Health.Rules;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Tests.Health;

/// <summary>Each rule on the two sides of its bound.</summary>
public sealed class HealthRuleTests
{
    private static readonly HealthSettings Settings = new() { Updates = 3 };

    public static TheoryData<string, string, double, double> Lasting =>
        new()
        {
            { "cut-off", "completions/clipped_ratio", 0.96, 0.94 },
            { "no-expert", "expert/acceptance_rate", 0, 0.01 },
            { "gradient", "grad_norm", 0, 1e-6 },
            { "kl", "kl", 10.1, 9.9 },
            { "kl", "k3/policy", double.PositiveInfinity, 0 },
            { "entropy", "entropy", 0.00001, 0.001 },
            { "entropy", "entropy", 8.1, 7.9 },
        };

    [Theory]
    [MemberData(nameof(Lasting))]
    public void A_condition_is_reported_once_it_has_lasted(string rule, string metric, double sick, double well)
    {
        Assert.Equal([rule], Active([sick, sick, sick], metric));
        Assert.Empty(Active([sick, sick], metric));
        Assert.Empty(Active([well, well, well], metric));
    }

    [Theory]
    [InlineData("gradient", "grad_norm", double.NaN)]
    [InlineData("gradient", "grad_norm", double.PositiveInfinity)]
    [InlineData("gradient", "loss", double.NaN)]
    [InlineData("weight-growth", "weights/growth", 2.1)]
    [InlineData("weight-growth", "weights/growth", double.NaN)]
    public void What_is_not_finite_or_out_of_bounds_is_reported_at_once(string rule, string metric, double value) =>
        Assert.Equal([rule], Active([value], metric));

    [Theory]
    [InlineData(0.9, true)]
    [InlineData(0.8, false)]
    public void Groups_without_signal_count_whether_they_train_or_are_rejected(double share, bool reported)
    {
        var counters = new HealthCounters(groupsPerUpdate: 10);
        var monitor = new HealthMonitor(Settings, HealthRules.All);
        for (int update = 1; update <= 3; update++)
        {
            Assert.False(counters.Add(Rejected(update)));
            (monitor, _) = monitor.Observe(
                counters.Take(update, 9, ImmutableSortedDictionary<string, double>.Empty.Add("frac_reward_zero_std", share - 0.01))
            );
        }

        Assert.Equal(reported ? ["no-signal"] : [], monitor.Active.Select(finding => finding.Rule));
    }

    [Fact]
    public void Many_rejected_groups_are_a_sample_though_there_is_no_update()
    {
        var counters = new HealthCounters(groupsPerUpdate: 8);
        var monitor = new HealthMonitor(Settings, HealthRules.All);
        int samples = 0;
        for (int group = 0; group < 32 * 3; group++)
        {
            if (counters.Add(Rejected(group)))
            {
                (monitor, _) = monitor.Observe(counters.Take(0));
                samples++;
            }
        }

        Assert.Equal(3, samples);
        Assert.Equal(["no-signal"], monitor.Active.Select(finding => finding.Rule));
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public void A_verifier_that_fails_too_often_is_reported(long faults, bool reported)
    {
        var monitor = new HealthMonitor(Settings, HealthRules.All);
        for (int update = 1; update <= 3; update++)
        {
            (monitor, _) = monitor.Observe(
                new HealthSample
                {
                    Update = update,
                    Judged = 100,
                    VerifierFaults = faults,
                }
            );
        }

        Assert.Equal(reported ? ["verifier-faults"] : [], monitor.Active.Select(finding => finding.Rule));
    }

    [Fact]
    public void Bounds_that_are_off_report_nothing_but_values_that_are_not_finite()
    {
        var off = new HealthSettings
        {
            Updates = 1,
            NoSignalShare = null,
            CutOffShare = null,
            ExpertAcceptance = null,
            GradientNorm = null,
            VerifierFaultShare = null,
            MaxKl = null,
            MinEntropy = null,
            MaxEntropy = null,
            MaxWeightGrowth = null,
        };
        string[] metrics =
        [
            "completions/clipped_ratio",
            "expert/acceptance_rate",
            "grad_norm",
            "kl",
            "k3/policy",
            "entropy",
            "weights/growth",
            "frac_reward_zero_std",
        ];
        foreach (double value in new[] { 0, 1, 1e9 })
        {
            (HealthMonitor monitor, _) = new HealthMonitor(off, HealthRules.All).Observe(
                new HealthSample
                {
                    Update = 1,
                    Metrics = metrics.ToImmutableSortedDictionary(name => name, _ => value),
                    Groups = 4,
                    GroupsWithoutSignal = 4,
                    Judged = 4,
                    VerifierFaults = 4,
                }
            );
            Assert.Empty(monitor.Active);
        }
    }

    [Fact]
    public void A_finding_is_new_when_it_begins_and_is_remembered_when_it_ends()
    {
        var monitor = new HealthMonitor(new HealthSettings { Updates = 1 }, HealthRules.All);
        List<int> reported = [];
        double[] ratios = [0, 1, 1, 0, 1];
        for (int update = 1; update <= ratios.Length; update++)
        {
            (monitor, ImmutableArray<HealthFinding> found) = monitor.Observe(
                Sample(update, "completions/clipped_ratio", ratios[update - 1])
            );
            reported.AddRange(found.Select(_ => update));
        }

        Assert.Equal([2, 5], reported);
        HealthFinding finding = Assert.Single(monitor.Findings);
        Assert.Equal(("cut-off", 2, 5), (finding.Rule, finding.Since, finding.Until));
        (monitor, _) = monitor.Observe(Sample(6, "completions/clipped_ratio", 0));
        Assert.Empty(monitor.Active);
        Assert.Single(monitor.Findings);
    }

    [Fact]
    public void Every_rule_is_registered_and_has_its_own_name()
    {
        Type[] classes =
        [
            .. typeof(IHealthRule).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IHealthRule))),
        ];
        Assert.Equal(classes.Length, HealthRules.All.Length);
        Assert.Equal(classes.Length, HealthRules.All.Select(rule => rule.Name).Distinct().Count());
    }

    private static GroupRejectedEvent Rejected(int group) => new(new GroupId(group), GroupRejection.NoSignal, []);

    private static IEnumerable<string> Active(double[] values, string metric)
    {
        var monitor = new HealthMonitor(Settings, HealthRules.All);
        foreach ((int index, double value) in values.Index())
        {
            (monitor, _) = monitor.Observe(Sample(index + 1, metric, value));
        }

        return monitor.Active.Select(finding => finding.Rule);
    }

    private static HealthSample Sample(long update, string metric, double value) =>
        new() { Update = update, Metrics = ImmutableSortedDictionary<string, double>.Empty.Add(metric, value) };
}
