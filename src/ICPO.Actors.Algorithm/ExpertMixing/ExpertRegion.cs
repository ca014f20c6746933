using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Algorithm.ExpertMixing;

/// <summary>E = { τ ~ π(·|[D;q]) : R(τ) ≥ δ }, the expert rollouts that are worth following (ICPO §3.3).</summary>
public static class ExpertRegion
{
    /// <summary>True if the verdict's reward reaches δ; a verifier's fault is never inside.</summary>
    public static bool Contains(Judgment judgment, double threshold)
    {
        ArgumentNullException.ThrowIfNull(judgment);
        return judgment.Reward is { } reward && reward >= threshold;
    }
}
