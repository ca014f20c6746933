using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Losses;

/// <summary>−A·log π_θ, without a ratio (GPG, arXiv 2504.02546).</summary>
public sealed record Reinforce : PolicyLoss
{
    public override string Name => "reinforce";

    public override Tensor Compute(LossInputs inputs, LossSettings settings) => -inputs.Advantage * inputs.LogProbs;
}
