using ICPO.Actors.Modeling.Objective.Corrections;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Losses;

/// <summary>The tokens of S sequences, N in total, as a policy loss reads them, with u = π_θ/π_prox or π_θ/μ by the correction.</summary>
public sealed record LossInputs
{
    /// <summary>log π_θ [N].</summary>
    public required Tensor LogProbs { get; init; }

    /// <summary>log u [N] of each token, not bounded.</summary>
    public required Tensor LogRatio { get; init; }

    /// <summary>u [N] by token or sequence as the settings say, of a bounded logarithm.</summary>
    public required Tensor Ratio { get; init; }

    /// <summary>Advantage of each token's sequence [N].</summary>
    public required Tensor Advantage { get; init; }

    /// <summary>True where the sequence's reward is above 0, bool [N].</summary>
    public required Tensor Rewarded { get; init; }

    /// <summary>log μ [N].</summary>
    public required Tensor Behaviour { get; init; }

    /// <summary>log π_θ [N] under the teacher's prompt, a constant; null if the caller has none.</summary>
    public Tensor? Teacher { get; init; }

    /// <summary>Entropy of the softmax [N]; null if the caller has none.</summary>
    public Tensor? Entropy { get; init; }

    public required SequenceRows Rows { get; init; }

    /// <summary>True if a mask of the correction replaces the clip.</summary>
    public required bool IsUnclipped { get; init; }
}
