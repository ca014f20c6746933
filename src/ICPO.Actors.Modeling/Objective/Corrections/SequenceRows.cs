using ICPO.Actors.Modeling.Torch;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Corrections;

/// <summary>Which tokens of flat tensors [N] belong to which of S sequences, and which of them count.</summary>
/// <param name="Mask">1 where a token counts [N].</param>
/// <param name="Sequence">Sequence of each token, int64 [N] in [0, S).</param>
/// <param name="Count">S.</param>
public sealed record SequenceRows(Tensor Mask, Tensor Sequence, long Count)
{
    /// <summary>Sum over the counted tokens of each sequence: [N] → [S].</summary>
    public Tensor Sum(Tensor values) => zeros([Count], values.dtype, values.device).IndexAddInPlace(0, Sequence, values * Mask);

    /// <summary>Mean over the counted tokens of each sequence, 0 if none counts: [N] → [S].</summary>
    public Tensor Mean(Tensor values) => Sum(values) / Sum(ones_like(Mask)).ClampMin(1);

    /// <summary>Value of each token's sequence: [S] → [N].</summary>
    public Tensor PerToken(Tensor bySequence) => bySequence.index_select(0, Sequence);
}
