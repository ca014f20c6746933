namespace ICPO.Actors.Algorithm.Health.Rules;

/// <summary>Updates change nothing, or nothing sensible.</summary>
internal sealed class Gradient : IHealthRule
{
    private const string Norm = "grad_norm";

    public string Name => "gradient";

    public string Advice =>
        "A gradient of 0 comes from groups without signal or from clipping everything (objective.clip-low, clip-high); one that is not "
        + "finite from too high a learning rate (optimizer.learning-rate) or from model.dtype.";

    public string? Check(HealthWindow window, HealthSettings settings)
    {
        if (window.Now(Norm) is { } now && !double.IsFinite(now))
        {
            return $"the gradient norm is {Text.Number(now)}";
        }

        if (window.Now("loss") is { } loss && !double.IsFinite(loss))
        {
            return $"the loss is {Text.Number(loss)}";
        }

        return settings.GradientNorm is { } bound && window.Max(Norm) is { } norm && norm <= bound
            ? $"the gradient norm is {Text.Number(norm)} in {window.Length} updates"
            : null;
    }
}
