using ICPO.Actors.Modeling.Torch;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Corrections;

/// <summary>
/// Truncated importance sampling by the geometric mean: min(exp(mean_t log ρ_t), C) for every token of the sequence (AReaL's level
/// sequence with the metric ratio).
/// </summary>
public sealed record TisGeometric : StalenessCorrection
{
    public override string Name => "tis-geometric";

    public override TokenWeights Weigh(CorrectionInputs inputs, CorrectionSettings settings)
    {
        Tensor mean = inputs.Rows.Mean(inputs.BoundedLogRho(settings)).exp();
        return new(inputs.PerToken(mean.Clamp(settings.WeightFloor, settings.WeightCap)));
    }
}
