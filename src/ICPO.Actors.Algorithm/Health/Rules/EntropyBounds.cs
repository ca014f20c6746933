namespace ICPO.Actors.Algorithm.Health.Rules;

/// <summary>The policy has collapsed to one response, or has become noise.</summary>
internal sealed class EntropyBounds : IHealthRule
{
    public string Name => "entropy";

    public string Advice =>
        "Against collapse raise objective.entropy-coefficient or objective.clip-high; against noise lower optimizer.learning-rate; start "
        + "again from an earlier checkpoint.";

    public string? Check(HealthWindow window, HealthSettings settings)
    {
        if (window.Mean("entropy") is not { } entropy)
        {
            return null;
        }

        if (settings.MinEntropy is { } min && entropy < min)
        {
            return $"the entropy is {Text.Number(entropy)} nats per token: the policy always gives the same response";
        }

        return settings.MaxEntropy is { } max && !(entropy <= max)
            ? $"the entropy is {Text.Number(entropy)} nats per token: the policy is close to noise"
            : null;
    }
}
