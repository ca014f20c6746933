using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective;

/// <summary>
/// The correction of policy-origin tokens for staleness (design §6): ρ = π_prox/μ, constant under the gradient. Expert tokens
/// are met by none of it: there μ had other context, and these tools would delete exactly the unlikely tokens ICPO wants.
/// </summary>
/// <param name="Weight">What the token's loss is multiplied by [N], 0 where masked; null is 1 everywhere.</param>
/// <param name="Kept">1 where the token is not masked [N]; null is everywhere.</param>
/// <param name="LogRho">log ρ [N], not truncated.</param>
public sealed record StalenessWeights(Tensor? Weight, Tensor? Kept, Tensor LogRho)
{
    /// <summary>The weights under <paramref name="proximal"/> [N] and the advantage of each token [N].</summary>
    public static StalenessWeights Compute(ObjectiveInputs inputs, Tensor proximal, Tensor advantage, ObjectiveSettings settings)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        Tensor logRho = proximal - inputs.Behaviour;
        Tensor bounded = logRho.Clamp(-settings.LogRatioLimit, settings.LogRatioLimit);
        (Tensor? weight, Tensor? kept) = settings.Correction switch
        {
            // AReaL takes ρ as it is, which its cap bounds; verl bounds log ρ first, which lifts ρ < e⁻²⁰.
            StalenessCorrection.Decoupled => (logRho.exp().ClampMax(settings.WeightCap), null),
            StalenessCorrection.TisToken => (bounded.exp().ClampMax(settings.WeightCap), null),
            StalenessCorrection.TisSequence => (SequenceProduct(inputs, logRho, settings), null),
            StalenessCorrection.IcePop => IcePop(bounded.exp(), settings),
            StalenessCorrection.SequenceMask => SequenceMask(inputs, bounded, settings),
            StalenessCorrection.DppoTv => TotalVariation(inputs, advantage, settings),
            _ => ((Tensor?)null, (Tensor?)null),
        };
        return new StalenessWeights(weight?.MoveToOuterDisposeScope(), kept?.MoveToOuterDisposeScope(), logRho.MoveToOuterDisposeScope());
    }

    /// <summary>min(Π_t ρ_t, C), the same for every token of a sequence.</summary>
    private static Tensor SequenceProduct(ObjectiveInputs inputs, Tensor logRho, ObjectiveSettings settings) =>
        Sum(inputs, logRho)
            .Clamp(-settings.LogRatioLimit, settings.LogRatioLimit)
            .exp()
            .ClampMax(settings.WeightCap)
            .index_select(0, inputs.Sequence);

    private static (Tensor, Tensor) IcePop(Tensor rho, ObjectiveSettings settings)
    {
        Tensor kept = Inside(rho, settings);
        return (rho * kept, kept);
    }

    /// <summary>Keeps a sequence iff exp(mean log ρ) is inside the band.</summary>
    private static (Tensor, Tensor) SequenceMask(ObjectiveInputs inputs, Tensor logRho, ObjectiveSettings settings)
    {
        Tensor mean = (Sum(inputs, logRho) / Sum(inputs, ones_like(logRho)).ClampMin(1)).exp().index_select(0, inputs.Sequence);
        Tensor kept = Inside(mean, settings);
        return (settings.SequenceMaskWeight is SequenceMaskWeight.One ? kept : mean * kept, kept);
    }

    /// <summary>
    /// Drops a token whose probability has already moved by more than the threshold in the direction its advantage pushes.
    /// </summary>
    private static (Tensor, Tensor) TotalVariation(ObjectiveInputs inputs, Tensor advantage, ObjectiveSettings settings)
    {
        Tensor moved = inputs.LogProbs.exp() - inputs.Behaviour.exp();
        Tensor dropped = (advantage.Gt(0) & moved.Gt(settings.TvThreshold)) | (advantage.Lt(0) & moved.Lt(-settings.TvThreshold));
        Tensor kept = dropped.logical_not().to(moved.dtype);
        return (kept, kept);
    }

    private static Tensor Inside(Tensor rho, ObjectiveSettings settings) =>
        rho.IsBetween(settings.BandLow, settings.BandHigh).to(rho.dtype);

    /// <summary>Sum over the counted tokens of each sequence [S].</summary>
    private static Tensor Sum(ObjectiveInputs inputs, Tensor values) =>
        zeros_like(inputs.Advantage).IndexAddInPlace(0, inputs.Sequence, values * inputs.Mask);
}
