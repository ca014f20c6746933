using System.Text.Json;
using ICPO.Actors.Algorithm.Advantages;

namespace ICPO.Actors.Algorithm.Tests.Advantages;

public sealed class AdvantagesTests
{
    private static readonly Gen<double[]> Rewards = Gen.Double[-3, 3].Array[2, 16];
    private static readonly Gen<double[]> SpreadRewards = Gen.Int[-48, 48]
        .Select(i => i / 16.0)
        .Array[2, 16]
        .Where(rewards => rewards.Distinct().Count() > 1);
    private static readonly IAdvantage[] RelativeAdvantages = [.. AdvantageRegistry.All.Where(advantage => advantage.IsRelative)];
    private static readonly Gen<IAdvantage> Relative = Gen.Int[0, RelativeAdvantages.Length - 1].Select(i => RelativeAdvantages[i]);

    [Fact]
    public void Advantages_equal_those_of_other_software()
    {
        int compared = 0,
            skipped = 0;
        foreach (JsonElement document in ObjectiveFixtures.Documents.Where(d => d.TryGetProperty("inputs", out _)))
        {
            JsonElement inputs = document.GetProperty("inputs");
            foreach (
                JsonElement fixture in ObjectiveFixtures
                    .Cases(document)
                    .Where(c => c.TryGetProperty("advantage", out _) && c.TryGetProperty("settings", out _))
            )
            {
                JsonElement settings = fixture.GetProperty("settings");
                if (settings.TryGetProperty("shaped", out JsonElement shaped))
                {
                    double[] rewards = [.. shaped.EnumerateArray().Select(e => e.Number())];
                    fixture.Near(fixture.Numbers("advantage"), Standardized.Instance.Compute(rewards, 1e-6), "advantage");
                    compared++;
                }
                else if (Express(fixture) is { } form && inputs.TryGetProperty(fixture.Text("input")!, out JsonElement input))
                {
                    bool[] isBaseline =
                    [
                        .. input.Integers("origin").Select(origin => origin == 0 || form.Baseline == BaselineMembers.Union),
                    ];
                    double[] actual = PerGroup(input.Numbers("reward"), input.Integers("group"), isBaseline, form);
                    fixture.Near(fixture.Numbers("advantage"), actual, "advantage");
                    compared++;
                }
                else
                {
                    skipped++;
                }
            }
        }

        ObjectiveFixtures.Report(compared, skipped, "a form that AdvantageRegistry does not have");
    }

    private sealed record Form(IAdvantage Kind, double Epsilon, BaselineMembers Baseline = BaselineMembers.Union);

    private static Form? Express(JsonElement fixture)
    {
        JsonElement settings = fixture.GetProperty("settings");
        if (fixture.Text("function")?.Contains("rloo", StringComparison.Ordinal) is true)
        {
            return new(LeaveOneOut.Instance, 0);
        }

        if (!settings.TryGetProperty("ddof", out JsonElement ddof) || ddof.GetInt32() != 1)
        {
            return null;
        }

        BaselineMembers baseline = settings.TryGetProperty("baseline", out _) ? BaselineMembers.Policy : BaselineMembers.Union;
        if (settings.Text("scale_rewards") == "batch")
        {
            return new(BatchStandardized.Instance, settings.Number("epsilon"), baseline);
        }

        bool? divides =
            settings.TryGetProperty("normalise_by_std", out JsonElement by) ? by.GetBoolean()
            : settings.Text("scale_rewards") is { } scale ? scale == "group"
            : settings.TryGetProperty("epsilon", out JsonElement given) ? given.ValueKind == JsonValueKind.Number
            : null;
        return divides switch
        {
            true => new(Standardized.Instance, settings.Number("epsilon"), baseline),
            false => new(Centered.Instance, 0, baseline),
            null => null,
        };
    }

    private static double[] PerGroup(double[] rewards, int[] groups, bool[] isBaseline, Form form)
    {
        double[] advantages = new double[rewards.Length];
        double divisor = form.Kind.BatchDivisor(rewards, form.Epsilon);
        foreach (int group in groups.Distinct())
        {
            int[] members = [.. Enumerable.Range(0, rewards.Length).Where(i => groups[i] == group)];
            bool[] baseline = [.. members.Select(i => isBaseline[i])];
            double[] values = form.Kind.Compute([.. members.Select(i => rewards[i])], baseline, form.Epsilon);
            for (int i = 0; i < members.Length; i++)
            {
                advantages[members[i]] = values[i] / divisor;
            }
        }

        return advantages;
    }

    /// <summary>
    /// An all-correct group of 8 whose expert member earns a bonus b: A = 2.475·b/(b + 2.83e-6), so annealing acts through its end point
    /// only.
    /// </summary>
    [Theory]
    [InlineData(1, 2.47487, -0.35355)]
    [InlineData(1e-2, 2.47417, -0.35345)]
    [InlineData(1e-3, 2.46789, -0.35256)]
    [InlineData(1e-5, 1.92921, -0.27560)]
    [InlineData(1e-6, 0.64645, -0.09235)]
    [InlineData(0, 0, 0)]
    public void A_bonus_in_an_all_correct_group_of_eight_gives_nearly_the_same_advantages_whatever_its_size(
        double bonus,
        double expert,
        double policy
    )
    {
        double[] advantages = Standardized.Instance.Compute([1, 1, 1, 1, 1, 1, 1, 1 + bonus], 1e-6);
        Assert.Equal(expert, advantages[7], 5e-5);
        Assert.All(advantages[..7], a => Assert.Equal(policy, a, 5e-5));
    }

    [Fact]
    public void A_group_of_equal_rewards_has_zero_advantages() =>
        Gen.Select(Gen.Double[-10, 10], Gen.Int[2, 16], Relative, Gen.OneOf(Gen.Const(0.0), Gen.Const(1e-6)))
            .Sample((reward, size, kind, epsilon) => kind.Compute(Enumerable.Repeat(reward, size).ToArray(), epsilon).All(a => a == 0));

    [Fact]
    public void Advantages_sum_to_zero() =>
        Gen.Select(Rewards, Relative)
            .Sample(
                (rewards, kind) =>
                {
                    double[] advantages = kind.Compute(rewards, 1e-6);
                    return Math.Abs(advantages.Sum()) < 1e-9 * Math.Max(1, advantages.Max(Math.Abs));
                }
            );

    [Theory]
    [InlineData(new double[] { 1, 0, 0, 0 }, new double[] { 3, -1, -1, -1 })]
    [InlineData(new double[] { 1, 1, 0, 0 }, new double[] { 1, 1, -1, -1 })]
    [InlineData(new double[] { 0, 0, 0, 0 }, new double[] { 0, 0, 0, 0 })]
    [InlineData(new double[] { 1, 1, 1, 1 }, new double[] { 0, 0, 0, 0 })]
    [InlineData(new double[] { -1, 0 }, new double[] { 0, 0 })]
    [InlineData(new double[] { 1 }, new double[] { 0 })]
    [InlineData(new double[0], new double[0])]
    public void A_mean_normalized_advantage_is_the_distance_to_the_mean_in_units_of_the_mean(double[] rewards, double[] expected) =>
        Assert.Equal(expected, MeanNormalized.Instance.Compute(rewards, 1e-6));

    [Fact]
    public void A_baseline_of_policy_members_ignores_what_expert_members_earn()
    {
        bool[] isPolicy = [true, true, true, false];
        foreach (IAdvantage kind in RelativeAdvantages)
        {
            double[] first = kind.Compute([0, 1, 0.5, 1], isPolicy, 1e-6);
            double[] second = kind.Compute([0, 1, 0.5, 7], isPolicy, 1e-6);
            Assert.Equal(first[..3], second[..3]);
            Assert.True(second[3] > first[3], kind.Name);
        }
    }

    [Fact]
    public void Standardized_advantages_do_not_change_with_the_scale_and_place_of_the_rewards() =>
        Gen.Select(SpreadRewards, Gen.Double[0.1, 10], Gen.Double[-5, 5])
            .Sample(
                (rewards, scale, shift) =>
                    Standardized
                        .Instance.Compute(rewards, 0)
                        .Zip(Standardized.Instance.Compute([.. rewards.Select(r => (r * scale) + shift)], 0))
                        .All(pair => Math.Abs(pair.First - pair.Second) < 1e-6)
            );

    [Fact]
    public void Advantages_follow_the_order_of_the_rewards() =>
        Gen.Select(Rewards, Relative)
            .Sample(
                (rewards, kind) =>
                {
                    double[] advantages = kind.Compute(rewards, 1e-6);
                    int[] order = [.. Enumerable.Range(0, rewards.Length).OrderBy(i => rewards[i])];
                    return order.Zip(order.Skip(1)).All(pair => advantages[pair.First] <= advantages[pair.Second]);
                }
            );

    [Fact]
    public void A_group_of_one_has_mean_zero_and_deviation_one()
    {
        Assert.Equal([2 / (1 + 1e-6)], Standardized.Instance.Compute([2], 1e-6));
        Assert.Equal([2d], Centered.Instance.Compute([2], 1e-6));
        Assert.Empty(Standardized.Instance.Compute([], 1e-6));
    }

    [Fact]
    public void Supervised_training_weighs_every_member_with_one() => Assert.Equal([1d, 1d, 1d], One.Instance.Compute([0, 1, 0.5], 1e-6));

    [Theory]
    [InlineData("standardized", typeof(Standardized))]
    [InlineData("standardised", typeof(Standardized))]
    [InlineData("centered", typeof(Centered))]
    [InlineData("centred", typeof(Centered))]
    [InlineData("batch-standardized", typeof(BatchStandardized))]
    [InlineData("leave-one-out", typeof(LeaveOneOut))]
    [InlineData("mean-normalized", typeof(MeanNormalized))]
    [InlineData("one", typeof(One))]
    public void An_advantage_is_found_by_its_name_and_by_its_aliases(string name, Type type) =>
        Assert.IsType(type, AdvantageRegistry.Find(name));

    [Fact]
    public void Every_advantage_class_is_registered_once_under_names_of_its_own()
    {
        Type[] classes = [.. typeof(IAdvantage).Assembly.GetTypes().Where(t => t.IsClass && t.IsAssignableTo(typeof(IAdvantage)))];
        Assert.Equal(classes.ToHashSet(), AdvantageRegistry.All.Select(a => a.GetType()).ToHashSet());
        string[] names = [.. AdvantageRegistry.All.SelectMany(a => a.Aliases.Prepend(a.Name))];
        Assert.Equal(names.Length, names.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(classes.Length, AdvantageRegistry.All.Length);
    }
}
