using ICPO.Actors.Modeling.Objective.Corrections;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective;

/// <summary>
/// Normalizers of the whole mini-batch; each of its micro-batches uses them, so that their losses sum to exactly its loss.
/// </summary>
/// <param name="Tokens">Tokens of the mask.</param>
/// <param name="Sequences">Sequences with at least one token in the mask.</param>
public sealed record ObjectiveTotals(double Tokens, double Sequences)
{
    /// <summary>The largest log² ρ that a second-moment mask keeps in the mini-batch; null if these tokens are all of it.</summary>
    public double? SquaredLimit { get; init; }
}

/// <summary>
/// The tokens of S whole sequences, one after another: N tokens in flat tensors. Log-probabilities are in nats and of the
/// question alone (except <see cref="Behaviour"/>); all floating tensors share a dtype.
/// </summary>
public sealed record ObjectiveInputs
{
    /// <summary>log π_θ [N], the only tensor the loss is differentiated by.</summary>
    public required Tensor LogProbs { get; init; }

    /// <summary>log μ [N]: real context, real sampler.</summary>
    public required Tensor Behaviour { get; init; }

    /// <summary>
    /// log π_prox [N], the weights at the start of the update; null takes π_θ itself, which is the same for the first step.
    /// </summary>
    public Tensor? Proximal { get; init; }

    /// <summary>log π_ref [N]; needed where the KL coefficient is not 0.</summary>
    public Tensor? Reference { get; init; }

    /// <summary>log π_θ [N] under the teacher's prompt; needed by the policy losses that have a teacher.</summary>
    public Tensor? Teacher { get; init; }

    /// <summary>Entropy of the softmax [N]; needed where the entropy coefficient is not 0.</summary>
    public Tensor? Entropy { get; init; }

    /// <summary>1 where a token counts [N].</summary>
    public required Tensor Mask { get; init; }

    /// <summary>Sequence of each token, int64 [N] in [0, S).</summary>
    public required Tensor Sequence { get; init; }

    /// <summary>True for sequences of expert origin, bool [S].</summary>
    public required Tensor Expert { get; init; }

    /// <summary>A_i [S].</summary>
    public required Tensor Advantage { get; init; }

    /// <summary>True for sequences with a reward above 0, bool [S]; null takes A &gt; 0.</summary>
    public Tensor? Rewarded { get; init; }

    /// <summary>Weight version that sampled each token [N]; needed by the interpolated proximal policy only.</summary>
    public Tensor? Versions { get; init; }

    /// <summary>v_θ, the version this update makes; v_prox is one less.</summary>
    public long CurrentVersion { get; init; }

    public required ObjectiveTotals Totals { get; init; }

    /// <summary>The sequences of the tokens.</summary>
    internal SequenceRows Rows => new(Mask, Sequence, Advantage.shape[0]);
}

/// <summary>Result of <see cref="PolicyObjective.Compute"/>.</summary>
/// <param name="Loss">This part's share of the loss of the whole, a scalar.</param>
/// <param name="Statistics">Sums for the metrics, by origin.</param>
public sealed record ObjectiveOutputs(Tensor Loss, ObjectiveStatistics Statistics);
