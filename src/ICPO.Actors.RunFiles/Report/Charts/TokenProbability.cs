using System.Collections.Immutable;

namespace ICPO.Actors.RunFiles.Report.Charts;

internal sealed class TokenProbability()
    : ShareChart(
        "Probability of sampled tokens",
        "Mean probability under the question alone before the update: low for expert tokens that the policy would hardly sample."
    )
{
    protected override ImmutableArray<(string Metric, string Name)> Lines =>
        [("probability/policy", "policy"), ("probability/expert", "expert")];
}
