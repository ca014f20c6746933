using ICPO.Actors.Modeling.Objective.Corrections;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Masks;

/// <summary>
/// Which policy-origin tokens stay in the loss, next to a staleness correction. Masks combine: a token trains if all keep it. Expert tokens
/// are never masked, and a masked token still counts in Z. A new mask is one file here and one line in <see cref="MaskRegistry"/>.
/// </summary>
public abstract record TokenMask
{
    /// <summary>First word of an entry of <c>icpo.objective.masks</c>.</summary>
    public abstract string Name { get; }

    /// <summary>True if a token's fate depends on all tokens of the mini-batch.</summary>
    public virtual bool NeedsMiniBatch => false;

    /// <summary>1 where a token is kept [N]; called without gradients, inside a dispose scope.</summary>
    /// <param name="inputs">Tokens; its log ρ is log π_prox − log μ, or log π_θ − log μ under a correction without π_prox.</param>
    /// <param name="settings">Bounds of log-ratios.</param>
    public abstract Tensor Keep(CorrectionInputs inputs, CorrectionSettings settings);

    /// <summary>
    /// The largest log² ρ that is kept in a mini-batch; only asked if <see cref="NeedsMiniBatch"/>.
    /// </summary>
    /// <param name="squares">log² ρ of the counted policy-origin tokens, in any order; sorted in place.</param>
    public virtual double SquaredLimit(Span<double> squares) => double.PositiveInfinity;
}
