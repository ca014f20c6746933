namespace ICPO.Actors.Algorithm.Health.Rules;

/// <summary>Most groups have equal rewards, so they teach nothing.</summary>
internal sealed class NoSignal : IHealthRule
{
    public string Name => "no-signal";

    public string Advice =>
        "The questions may be far too hard or solved, or the reference answers unreadable: look at icpo inspect, choose questions by "
        + "task.jsonl.minimum-pass-rate and maximum-pass-rate, raise group.policy-rollouts, or set group.dynamic-sampling = true.";

    public string? Check(HealthWindow window, HealthSettings settings) =>
        settings.NoSignalShare is { } bound
        && window.Share(sample => sample.GroupsWithoutSignal, sample => sample.Groups) is { } share
        && share >= bound
            ? $"{Text.Percent(share)} of the groups have equal rewards and thus no learning signal"
            : null;
}
