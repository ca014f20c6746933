using ICPO.Actors.Modeling.Objective.Corrections;
using ICPO.Actors.Modeling.Torch;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Masks;

/// <summary>What a divergence is taken over.</summary>
public enum MaskLevel
{
    Token,
    SequenceMean,
    SequenceSum,
    SequenceMax,
}

/// <summary>How π_prox and μ are compared, per token, with ρ = π_prox/μ.</summary>
public enum MaskMetric
{
    /// <summary>ρ; means and sums are of log ρ, that is geometric means and products.</summary>
    Ratio,

    /// <summary>(log ρ)²/2.</summary>
    K2,

    /// <summary>ρ − 1 − log ρ (verl).</summary>
    K3,

    /// <summary>1/ρ − 1 + log ρ (AReaL).</summary>
    ReverseK3,
}

/// <summary>Keeps a token, or a whole sequence, if and only if its divergence is inside [Low, High].</summary>
public sealed record DivergenceMask(MaskLevel Level, MaskMetric Metric, double Low, double High) : TokenMask
{
    public override string Name => NameOf(Level, Metric);

    public override Tensor Keep(CorrectionInputs inputs, CorrectionSettings settings)
    {
        Tensor logRho = inputs.BoundedLogRho(settings);
        Tensor divergence = Metric switch
        {
            MaskMetric.Ratio => logRho,
            MaskMetric.K2 => (logRho * logRho).Div(2),
            MaskMetric.K3 => (logRho.exp() - logRho).Sub(1),
            _ => logRho.neg().exp().Sub(1).Add(logRho),
        };
        SequenceRows rows = inputs.Rows;
        Tensor kept = Level switch
        {
            MaskLevel.Token => Inside(divergence),
            MaskLevel.SequenceMean => rows.PerToken(Inside(rows.Mean(divergence))),
            MaskLevel.SequenceSum => rows.PerToken(Inside(rows.Sum(divergence))),
            _ => rows.PerToken(IsMaximumInside(rows, divergence)),
        };
        return kept.to(logRho.dtype);
    }

    internal static string NameOf(MaskLevel level, MaskMetric metric)
    {
        string of = metric switch
        {
            MaskMetric.Ratio => "ratio",
            MaskMetric.K2 => "k2",
            MaskMetric.K3 => "k3",
            _ => "reverse-k3",
        };
        return level switch
        {
            MaskLevel.Token => "token-" + of,
            MaskLevel.SequenceMean => "sequence-mean-" + of,
            MaskLevel.SequenceSum => "sequence-sum-" + of,
            _ => "sequence-max-" + of,
        };
    }

    private Tensor Inside(Tensor divergence) =>
        Metric is MaskMetric.Ratio ? divergence.exp().IsBetween(Low, High) : divergence.IsBetween(Low, High);

    /// <summary>The maximum is inside if no token is above and one is not below; bool [S].</summary>
    private Tensor IsMaximumInside(SequenceRows rows, Tensor divergence)
    {
        Tensor value = Metric is MaskMetric.Ratio ? divergence.exp() : divergence;
        Tensor above = rows.Sum(value.Gt(High).to(value.dtype));
        Tensor notBelow = rows.Sum(value.IsBetween(Low, double.PositiveInfinity).to(value.dtype));
        return above.Gt(0).logical_not() & notBelow.Gt(0);
    }
}
