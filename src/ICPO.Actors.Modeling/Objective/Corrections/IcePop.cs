using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Corrections;

/// <summary>ρ inside the band, 0 outside.</summary>
public sealed record IcePop : StalenessCorrection
{
    public override string Name => "ice-pop";

    public override TokenWeights Weigh(CorrectionInputs inputs, CorrectionSettings settings)
    {
        Tensor rho = inputs.BoundedLogRho(settings).exp();
        Tensor kept = CorrectionInputs.InBand(rho, settings);
        return new(rho * kept, kept);
    }
}
