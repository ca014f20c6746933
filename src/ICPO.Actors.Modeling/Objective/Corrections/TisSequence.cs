using ICPO.Actors.Modeling.Torch;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Corrections;

/// <summary>Truncated importance sampling by sequence: min(Π_t ρ_t, C) for every token of the sequence.</summary>
public sealed record TisSequence : StalenessCorrection
{
    public override string Name => "tis-sequence";

    public override TokenWeights Weigh(CorrectionInputs inputs, CorrectionSettings settings)
    {
        Tensor product = inputs.SumBySequence(inputs.LogRho).Clamp(-settings.LogRatioLimit, settings.LogRatioLimit).exp();
        return new(inputs.PerToken(product.Clamp(settings.WeightFloor, settings.WeightCap)));
    }
}
