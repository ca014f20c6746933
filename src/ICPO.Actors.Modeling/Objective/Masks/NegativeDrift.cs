using ICPO.Actors.Modeling.Objective.Corrections;
using ICPO.Actors.Modeling.Torch;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Masks;

/// <summary>
/// Drops a sequence with a negative advantage that the policy has left: mean_t (log μ − log π_θ) above the threshold (the off-policy
/// sequence mask of DeepSeek-V3.2, as TRL has it).
/// </summary>
public sealed record NegativeDrift(double Threshold) : TokenMask
{
    public override string Name => "negative-drift";

    public override Tensor Keep(CorrectionInputs inputs, CorrectionSettings settings)
    {
        Tensor drift = inputs.Rows.PerToken(inputs.Rows.Mean(inputs.Behaviour - inputs.LogProbs));
        return (inputs.Advantage.Lt(0) & drift.Gt(Threshold)).logical_not().to(drift.dtype);
    }
}
