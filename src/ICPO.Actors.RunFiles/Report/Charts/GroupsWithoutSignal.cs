using System.Collections.Immutable;

namespace ICPO.Actors.RunFiles.Report.Charts;

internal sealed class GroupsWithoutSignal()
    : ShareChart("Groups without signal", "Share of groups whose rewards are all equal, so that every advantage is 0.")
{
    protected override ImmutableArray<(string Metric, string Name)> Lines => [("frac_reward_zero_std", "")];
}
