namespace ICPO.Actors.Algorithm.Health;

/// <summary>A sign that a run does not learn. Pure. A new rule is a class in <c>Rules</c> and a line in its registry there.</summary>
public interface IHealthRule
{
    /// <summary>Stable, in kebab case.</summary>
    string Name { get; }

    /// <summary>The suggestion, as one sentence.</summary>
    string Advice { get; }

    /// <summary>The problem, without a full stop; null if there is none, or if it cannot be determined yet.</summary>
    string? Check(HealthWindow window, HealthSettings settings);
}
