using ICPO.Actors.Modeling.Torch;

namespace ICPO.Actors.Modeling.Objective.Corrections;

/// <summary>min(ρ, C): the decoupled objective of AReaL, which does not bound log ρ first (verl does, which raises ρ &lt; e⁻²⁰).</summary>
public sealed record Decoupled : StalenessCorrection
{
    public override string Name => "decoupled";

    public override TokenWeights Weigh(CorrectionInputs inputs, CorrectionSettings settings) =>
        new(inputs.LogRho.exp().Clamp(settings.WeightFloor, settings.WeightCap));
}
