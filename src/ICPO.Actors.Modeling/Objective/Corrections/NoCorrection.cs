namespace ICPO.Actors.Modeling.Objective.Corrections;

/// <summary>Every token has weight 1.</summary>
public sealed record NoCorrection : StalenessCorrection
{
    public override string Name => "none";

    public override TokenWeights Weigh(CorrectionInputs inputs, CorrectionSettings settings) => default;
}
