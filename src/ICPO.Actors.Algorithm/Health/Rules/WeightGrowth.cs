namespace ICPO.Actors.Algorithm.Health.Rules;

/// <summary>The weights grow without bound.</summary>
internal sealed class WeightGrowth : IHealthRule
{
    public string Name => "weight-growth";

    public string Advice =>
        "Lower optimizer.learning-rate, set optimizer.gradient-clip or optimizer.weight-decay, and start again from an earlier checkpoint.";

    public string? Check(HealthWindow window, HealthSettings settings) =>
        settings.MaxWeightGrowth is { } bound && window.Now("weights/growth") is { } growth && !(growth <= bound)
            ? $"the norm of the trained weights is {Text.Number(growth)} times that in the base model"
            : null;
}
