using ICPO.Actors.Modeling.Torch;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Losses;

/// <summary>
/// max(−uA, −clip(u, 1−ε_lo, 1+ε_hi)A), for A &lt; 0 at most −cA (PPO with dual clip; GSPO with the ratio of the sequence).
/// </summary>
public sealed record Clip : PolicyLoss
{
    public override string Name => "clip";

    public override Tensor Compute(LossInputs inputs, LossSettings settings)
    {
        Tensor advantage = inputs.Advantage;
        Tensor plain = -advantage * (settings.RatioCap is { } cap ? inputs.Ratio.ClampMax(cap) : inputs.Ratio);
        if (inputs.IsUnclipped)
        {
            return plain;
        }

        Tensor clipped = maximum(plain, -advantage * inputs.Ratio.Clamp(1 - settings.ClipLow, 1 + settings.ClipHigh));
        return settings.DualClip is { } limit ? where(advantage.Lt(0), minimum(clipped, -advantage.Mul(limit)), clipped) : clipped;
    }
}
