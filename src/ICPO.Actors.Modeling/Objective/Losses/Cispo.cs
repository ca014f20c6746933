using ICPO.Actors.Modeling.Torch;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Losses;

/// <summary>−sg(clip(u, 1−ε_lo, 1+ε_hi))·A·log π_θ (arXiv 2506.13585): a clipped token keeps its gradient.</summary>
public sealed record Cispo : PolicyLoss
{
    public override string Name => "cispo";

    public override Tensor Compute(LossInputs inputs, LossSettings settings) =>
        -inputs.Ratio.detach().Clamp(1 - settings.ClipLow, 1 + settings.ClipHigh) * inputs.Advantage * inputs.LogProbs;
}
