namespace ICPO.Actors.Algorithm.Health;

/// <summary>A sign that a run does not learn. Pure. A new rule is a class in <c>Rules</c> and a line in its registry there.</summary>
public interface IHealthRule
{
    /// <summary>Stable, in kebab case.</summary>
    string Name { get; }

    /// <summary>What to try, as one sentence.</summary>
    string Advice { get; }

    /// <summary>What is wrong, without a full stop; null where nothing is, or where it cannot be told yet.</summary>
    string? Check(HealthWindow window, HealthSettings settings);
}
