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
            RejectSampling = read.Flag("expert.reject-sampling"),
            RegionThreshold = read.Number("expert.region-threshold", 0, 1),
            Bonus = read.Choice<BonusSchedule>("expert.bonus"),
            BonusSize = read.Number("expert.bonus-size", 0),
            BonusTimeConstant = read.Number("expert.bonus-time-constant", 0, above: true),
        };

    private static IAdvantage Advantage(SettingsReader read) =>
        AdvantageRegistry.Find(read.Choice("group.advantage", [.. AdvantageRegistry.All.SelectMany(a => a.Aliases.Prepend(a.Name))]))!;
}
