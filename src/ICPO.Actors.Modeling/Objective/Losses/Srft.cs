using ICPO.Actors.Modeling.Torch;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Losses;

/// <summary>
/// −c·e^H·log π_θ for a rewarded response, log π_θ for another, with H its mean entropy, a constant (arXiv 2506.19767). Does not read the
/// advantage.
/// </summary>
public sealed record Srft : PolicyLoss
{
    public override string Name => "srft";

    public override bool UsesAdvantage => false;

    public override Tensor Compute(LossInputs inputs, LossSettings settings)
    {
        Tensor entropy = inputs.Entropy ?? throw new ArgumentException("The policy loss srft requires Entropy; set it in the inputs.");
        Tensor positive = inputs.Rows.PerToken(inputs.Rows.Mean(entropy.detach()).exp()).Mul(settings.PositiveWeight);
        return where(inputs.Rewarded, -positive, ones_like(positive)) * inputs.LogProbs;
    }
}
