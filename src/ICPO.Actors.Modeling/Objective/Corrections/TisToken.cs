using ICPO.Actors.Modeling.Torch;

namespace ICPO.Actors.Modeling.Objective.Corrections;

/// <summary>Truncated importance sampling by token: min(ρ, C).</summary>
public sealed record TisToken : StalenessCorrection
{
    public override string Name => "tis-token";

    public override TokenWeights Weigh(CorrectionInputs inputs, CorrectionSettings settings) =>
        new(inputs.BoundedLogRho(settings).exp().Clamp(settings.WeightFloor, settings.WeightCap));
}
