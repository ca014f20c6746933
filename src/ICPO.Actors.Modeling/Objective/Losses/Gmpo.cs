using ICPO.Actors.Modeling.Torch;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Losses;

/// <summary>
/// −A·exp(mean_t log u_t), each log u_t clipped to [−ε_lo, ε_hi] on the side that A moves it to (arXiv 2507.20673). Every token of a
/// sequence has this loss, so that its token mean is the sequence's.
/// </summary>
public sealed record Gmpo : PolicyLoss
{
    public override string Name => "gmpo";

    public override Tensor Compute(LossInputs inputs, LossSettings settings)
    {
        Tensor clipped = inputs.LogRatio.Clamp(-settings.ClipLow, settings.ClipHigh);
        Tensor kept = where(inputs.Advantage.Lt(0), maximum(inputs.LogRatio, clipped), minimum(inputs.LogRatio, clipped));
        Tensor mean = inputs.Rows.Mean(kept).Clamp(-settings.LogRatioLimit, settings.LogRatioLimit);
        return -inputs.Advantage * inputs.Rows.PerToken(mean.exp());
    }
}
