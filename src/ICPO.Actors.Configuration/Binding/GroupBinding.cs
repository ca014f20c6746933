using System.Collections.Immutable;
using System.Globalization;
using ICPO.Actors.Algorithm.Advantages;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Tasks;

namespace ICPO.Actors.Configuration.Binding;

/// <summary>Reads the sections <c>group</c> and <c>expert</c>.</summary>
internal static class GroupBinding
{
    public static GroupSettings Group(SettingsReader read, TaskSettings task, SamplerSettings sampler)
    {
        double overlong = read.Number("group.overlong-share", 0, 1);
        return new()
        {
            PolicyRollouts = read.Int("group.policy-rollouts", 0, 4096),
            ExpertRollouts = read.Int("group.expert-rollouts", 0, 4096),
            GroupsPerUpdate = read.Int("group.groups-per-update", 1, 65_536),
            Advantage = Advantage(read),
            Baseline = read.Choice<BaselineMembers>("group.baseline"),
            AdvantageEpsilon = read.Number("group.advantage-epsilon", 0),
            NegativeWeight = read.Number("group.negative-weight", 0),
            OverlongShare = overlong,
            ResponseLimit = overlong == 0 ? 0 : Math.Max(sampler.MaxTokens > 0 ? sampler.MaxTokens : task.MaxTokens, 1),
            DynamicSampling = read.Flag("group.dynamic-sampling"),
        };
    }

    public static ExpertSettings Expert(SettingsReader read) =>
        new()
        {
            Source = read.Choice<ExpertSource>("expert.source"),
            Demonstrations = read.Int("expert.demonstrations", 1, 1_024),
            HintShares = HintShares(read),
            ScoredUnder = read.Choice<ScoringContext>("expert.scored-under"),
            When = read.Choice<ExpertUse>("expert.when"),
            FailedAtMost = read.Int("expert.failed-at-most", 0, 4096),
            Teacher = read.Choice<TeacherContext>("expert.teacher"),
            WarmupUpdates = read.Int("expert.warmup-updates", 0, 100_000_000),
            Replaces = read.Choice<ExpertReplacement>("expert.replaces"),
            MaxAccepted = read.Int("expert.max-accepted", 0, 4096),
            RejectSampling = read.Flag("expert.reject-sampling"),
            RegionThreshold = read.Number("expert.region-threshold", 0, 1),
            Bonus = read.Choice<BonusSchedule>("expert.bonus"),
            BonusSize = read.Number("expert.bonus-size", 0),
            BonusTimeConstant = read.Number("expert.bonus-time-constant", 0, above: true),
        };

    private static ImmutableArray<double> HintShares(SettingsReader read)
    {
        ImmutableArray<string> texts = read.List("expert.hint-shares");
        double[] shares =
        [
            .. texts.Select(text =>
                double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) ? share : double.NaN
            ),
        ];
        bool isValid = shares.Length > 0 && shares.All(share => share is > 0 and <= 1);
        read.Require(isValid, "icpo.expert.hint-shares must be a list of at least one number above 0, to 1, such as [0.25, 0.5].");
        return isValid ? [.. shares] : [1];
    }

    private static IAdvantage Advantage(SettingsReader read) =>
        AdvantageRegistry.Find(read.Choice("group.advantage", [.. AdvantageRegistry.All.SelectMany(a => a.Aliases.Prepend(a.Name))]))!;
}
