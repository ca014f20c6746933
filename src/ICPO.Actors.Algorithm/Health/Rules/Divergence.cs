namespace ICPO.Actors.Algorithm.Health.Rules;

/// <summary>The policy is far from the base model, or from the weights that sampled its rollouts.</summary>
internal sealed class Divergence : IHealthRule
{
    public string Name => "kl";

    public string Advice =>
        "Lower optimizer.learning-rate or admission.max-staleness, raise objective.kl-coefficient, or start again from an earlier "
        + "checkpoint.";

    public string? Check(HealthWindow window, HealthSettings settings) =>
        Above(window, settings, "kl", "the base model") ?? Above(window, settings, "k3/policy", "the weights that sampled its rollouts");

    private static string? Above(HealthWindow window, HealthSettings settings, string metric, string from) =>
        settings.MaxKl is { } bound && window.Mean(metric) is { } kl && !(kl <= bound)
            ? $"the policy diverges from {from} by {Text.Number(kl)} nats per token"
            : null;
}
