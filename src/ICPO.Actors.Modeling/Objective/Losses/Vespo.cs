using ICPO.Actors.Modeling.Torch;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Losses;

/// <summary>
/// −sg(φ(w))·A·log π_θ with w = Π_t u_t and φ(w) = e^λ w^k e^(−λw), which is 1 at w = 1; k and λ by the sign of A (arXiv 2602.10693).
/// </summary>
public sealed record Vespo : PolicyLoss
{
    public override string Name => "vespo";

    public override Tensor Compute(LossInputs inputs, LossSettings settings)
    {
        Tensor logWeight = inputs.Rows.Sum(inputs.LogRatio.detach()).Clamp(-settings.LogRatioLimit, settings.LogRatioLimit); // [S]
        Tensor positive = inputs.Rows.PerToken(Kernel(logWeight, settings.KernelPositive));
        Tensor negative = inputs.Rows.PerToken(Kernel(logWeight, settings.KernelNegative));
        return -where(inputs.Advantage.Lt(0), negative, positive) * inputs.Advantage * inputs.LogProbs;
    }

    // One exponential of the sum, so that neither factor overflows alone.
    private static Tensor Kernel(Tensor logWeight, (double Power, double Decay) shape) =>
        (logWeight.Mul(shape.Power) - logWeight.exp().Sub(1).Mul(shape.Decay)).exp();
}
