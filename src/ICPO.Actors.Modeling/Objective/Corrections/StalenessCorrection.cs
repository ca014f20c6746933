namespace ICPO.Actors.Modeling.Objective.Corrections;

/// <summary>
/// How the loss of policy-origin tokens that older weights sampled is corrected, with ρ = π_prox/μ. Expert tokens are never corrected:
/// their μ had another context, and these tools would remove exactly the unlikely tokens that ICPO trains on. A new correction is
/// one file here and one line in <see cref="CorrectionRegistry"/>.
/// </summary>
public abstract record StalenessCorrection
{
    /// <summary>Value of <c>icpo.objective.correction</c>.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// True if the ratio u is π_θ/π_prox, so that the trainer scores π_prox; false if u is π_θ/μ and no scoring pass is needed.
    /// </summary>
    public virtual bool NeedsProximal => true;

    /// <summary>True if the mask of <see cref="Weigh"/> replaces the PPO clip.</summary>
    public virtual bool ReplacesClip => false;

    /// <summary>Weights of the token losses; called without gradients, inside a dispose scope.</summary>
    public abstract TokenWeights Weigh(CorrectionInputs inputs, CorrectionSettings settings);
}
