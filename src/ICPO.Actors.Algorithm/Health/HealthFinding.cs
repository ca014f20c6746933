namespace ICPO.Actors.Algorithm.Health;

/// <summary>The report of a rule.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Since">The update after which it was first seen.</param>
/// <param name="Until">The update after which it was last seen.</param>
/// <param name="Problem">What is wrong, without a full stop.</param>
/// <param name="Advice">What to try, as one sentence.</param>
public sealed record HealthFinding(string Rule, long Since, long Until, string Problem, string Advice)
{
    public override string ToString() => $"{Rule}: {Problem}. {Advice}";
}
