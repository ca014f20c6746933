using ICPO.Actors.Modeling.Torch;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Losses;

/// <summary>−A·σ(τ(u − 1))·4/τ, a soft gate in place of the clip, τ by the sign of A (arXiv 2511.20347).</summary>
public sealed record Sapo : PolicyLoss
{
    public override string Name => "sapo";

    public override Tensor Compute(LossInputs inputs, LossSettings settings)
    {
        Tensor offset = inputs.Ratio.Sub(1);
        Tensor positive = Gate(offset, settings.GatePositive);
        Tensor negative = Gate(offset, settings.GateNegative);
        return -inputs.Advantage * where(inputs.Advantage.Lt(0), negative, positive);
    }

    private static Tensor Gate(Tensor offset, double temperature) => sigmoid(offset.Mul(temperature)).Mul(4 / temperature);
}
