namespace ICPO.Actors.Modeling.Objective.Corrections;

/// <summary>Clips u = π_θ/μ directly, without weights.</summary>
public sealed record Bypass : StalenessCorrection
{
    public override string Name => "bypass";

    public override bool NeedsProximal => false;

    public override TokenWeights Weigh(CorrectionInputs inputs, CorrectionSettings settings) => default;
}
