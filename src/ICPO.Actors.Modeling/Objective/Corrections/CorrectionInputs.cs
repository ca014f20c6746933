using ICPO.Actors.Modeling.Torch;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Corrections;

/// <summary>The tokens of S sequences, N in total, as a correction reads them. All floating-point tensors have the same dtype.</summary>
public sealed record CorrectionInputs
{
    /// <summary>log π_θ [N].</summary>
    public required Tensor LogProbs { get; init; }

    /// <summary>log μ [N].</summary>
    public required Tensor Behaviour { get; init; }

    /// <summary>log ρ [N], not bounded; 0 for corrections that do not need π_prox.</summary>
    public required Tensor LogRho { get; init; }

    /// <summary>Advantage of each token's sequence [N].</summary>
    public required Tensor Advantage { get; init; }

    /// <summary>1 where a token counts [N].</summary>
    public required Tensor Mask { get; init; }

    /// <summary>Sequence of each token, int64 [N] in [0, S).</summary>
    public required Tensor Sequence { get; init; }

    /// <summary>S.</summary>
    public required long SequenceCount { get; init; }

    /// <summary>log ρ [N], limited to ±<see cref="CorrectionSettings.LogRatioLimit"/>.</summary>
    public Tensor BoundedLogRho(CorrectionSettings settings) => LogRho.Clamp(-settings.LogRatioLimit, settings.LogRatioLimit);

    /// <summary>
    /// The largest log² ρ that a second-moment mask keeps, of the whole mini-batch; null takes the counted tokens of these inputs.
    /// </summary>
    public double? SquaredLimit { get; init; }

    /// <summary>The sequences of the tokens.</summary>
    public SequenceRows Rows => new(Mask, Sequence, SequenceCount);

    /// <summary>Sum over the counted tokens of each sequence: [N] → [S].</summary>
    public Tensor SumBySequence(Tensor values) => Rows.Sum(values);

    /// <summary>Value of each token's sequence: [S] → [N].</summary>
    public Tensor PerToken(Tensor bySequence) => Rows.PerToken(bySequence);

    /// <summary>1 where ρ is inside the settings' band [N].</summary>
    public static Tensor InBand(Tensor rho, CorrectionSettings settings) =>
        rho.IsBetween(settings.BandLow, settings.BandHigh).to(rho.dtype);
}
