namespace ICPO.Actors.Algorithm.Health.Rules;

/// <summary>Steered rollouts are never in the expert region.</summary>
internal sealed class NoExpert : IHealthRule
{
    public string Name => "no-expert";

    public string Advice =>
        "Inspect their texts (icpo inspect --origin expert), use more or better demonstrations (expert.demonstrations), or lower "
        + "expert.region-threshold.";

    public string? Check(HealthWindow window, HealthSettings settings) =>
        settings.ExpertAcceptance is { } bound && window.Mean("expert/acceptance_rate") is { } share && share <= bound
            ? $"{Text.Percent(share)} of the expert rollouts were accepted"
            : null;
}
