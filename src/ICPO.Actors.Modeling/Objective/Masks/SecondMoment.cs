using ICPO.Actors.Modeling.Objective.Corrections;
using ICPO.Actors.Modeling.Torch;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Masks;

/// <summary>
/// M2PO: drops the tokens of a mini-batch with the largest log² ρ until the mean log² ρ of the others is at most τ. Tokens of equal
/// log² ρ are kept or dropped together, so the result does not depend on the order of the tokens.
/// </summary>
public sealed record SecondMoment(double Threshold) : TokenMask
{
    public override string Name => "second-moment";

    public override bool NeedsMiniBatch => true;

    public override Tensor Keep(CorrectionInputs inputs, CorrectionSettings settings)
    {
        Tensor logRho = inputs.BoundedLogRho(settings);
        Tensor squares = logRho * logRho;
        double limit = inputs.SquaredLimit
            ?? SquaredLimit(squares.masked_select(inputs.Mask.Gt(0)).to(ScalarType.Float64).cpu().data<double>().ToArray());
        return squares.Gt(limit).logical_not().to(squares.dtype);
    }

    public override double SquaredLimit(Span<double> squares)
    {
        squares.Sort();
        (double sum, double limit) = (0, -1);
        for (int i = 0; i < squares.Length; i++)
        {
            sum += squares[i];
            bool last = i + 1 == squares.Length || squares[i + 1] > squares[i];
            if (last && sum / (i + 1) <= Threshold)
            {
                limit = squares[i];
            }
        }

        return limit;
    }
}
