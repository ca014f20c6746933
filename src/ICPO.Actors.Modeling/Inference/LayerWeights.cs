using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>One layer's weights; projections with the same input are fused.</summary>
internal sealed record LayerWeights
{
    /// <summary>[hidden].</summary>
    public required Tensor InputNorm { get; init; }

    /// <summary>[(heads + 2 · key/value heads) · head size, hidden].</summary>
    public required Tensor Qkv { get; init; }

    public required Tensor? QkvBias { get; init; }

    /// <summary>[head size]; null in families that do not normalize queries and keys.</summary>
    public required Tensor? QNorm { get; init; }

    /// <summary>[head size], as <see cref="QNorm"/>.</summary>
    public required Tensor? KNorm { get; init; }

    /// <summary>[hidden, heads · head size].</summary>
    public required Tensor Output { get; init; }

    public required Tensor? OutputBias { get; init; }

    /// <summary>[hidden].</summary>
    public required Tensor PostAttentionNorm { get; init; }

    /// <summary>[2 · intermediate, hidden], gate first.</summary>
    public required Tensor GateUp { get; init; }

    /// <summary>[2 · intermediate].</summary>
    public required Tensor? GateUpBias { get; init; }

    /// <summary>[hidden, intermediate].</summary>
    public required Tensor Down { get; init; }

    public required Tensor? DownBias { get; init; }
}
