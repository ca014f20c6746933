using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Corrections;

/// <summary>Keeps a sequence if and only if exp(mean log ρ) is inside the band.</summary>
public sealed record SequenceMask : StalenessCorrection
{
    public override string Name => "sequence-mask";

    public override TokenWeights Weigh(CorrectionInputs inputs, CorrectionSettings settings)
    {
        Tensor logRho = inputs.BoundedLogRho(settings);
        Tensor mean = inputs.PerToken(inputs.Rows.Mean(logRho).exp());
        Tensor kept = CorrectionInputs.InBand(mean, settings);
        return new(settings.SequenceMaskWeight is SequenceMaskWeight.One ? kept : mean * kept, kept);
    }
}
