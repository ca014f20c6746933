using ICPO.Actors.Modeling.Torch;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Losses;

/// <summary>
/// −A·log π_θ for a rewarded response, −sg(clip(u, 0, 1))·A·log π_θ for another: an incorrect response weighs less the less
/// likely the policy still makes it (arXiv 2503.14286).
/// </summary>
public sealed record Topr : PolicyLoss
{
    public override string Name => "topr";

    public override Tensor Compute(LossInputs inputs, LossSettings settings)
    {
        Tensor tapered = inputs.Ratio.detach().ClampMax(1);
        return -where(inputs.Rewarded, ones_like(tapered), tapered) * inputs.Advantage * inputs.LogProbs;
    }
}
