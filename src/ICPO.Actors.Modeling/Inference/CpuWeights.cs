using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>
/// A set of weights as <see cref="CpuDecodeSession"/> reads it: matrices transposed, vectors by address. Disposing it leaves the weights
/// themselves.
/// </summary>
internal sealed unsafe class CpuWeights : IDisposable
{
    private readonly List<Tensor> _owned = [];

    /// <param name="source">Must stay allocated as long as this is used.</param>
    public CpuWeights(InferenceWeights source)
    {
        Source = source;
        Layers =
        [
            .. source.Layers.Select(layer => new CpuLayer
            {
                InputNorm = CpuBuffer.Pointer(layer.InputNorm),
                Qkv = Transposed(layer.Qkv),
                QkvBias = CpuBuffer.Pointer(layer.QkvBias),
                QNorm = CpuBuffer.Pointer(layer.QNorm),
                KNorm = CpuBuffer.Pointer(layer.KNorm),
                Output = Transposed(layer.Output),
                OutputBias = CpuBuffer.Pointer(layer.OutputBias),
                PostAttentionNorm = CpuBuffer.Pointer(layer.PostAttentionNorm),
                GateUp = Transposed(layer.GateUp),
                GateUpBias = CpuBuffer.Pointer(layer.GateUpBias),
                Down = Transposed(layer.Down),
                DownBias = CpuBuffer.Pointer(layer.DownBias),
            }),
        ];
        Head = Transposed(source.Head);
        Embedding = CpuBuffer.Pointer(source.Embedding);
        FinalNorm = CpuBuffer.Pointer(source.FinalNorm);
    }

    public InferenceWeights Source { get; }

    public CpuLayer[] Layers { get; }

    /// <summary>[hidden, vocabulary].</summary>
    public Tensor Head { get; }

    /// <summary>The first number of the embedding, of its own type.</summary>
    public void* Embedding { get; }

    public float* FinalNorm { get; }

    public void Dispose() => _owned.ForEach(tensor => tensor.Dispose());

    private Tensor Transposed(Tensor weight)
    {
        Tensor transposed = weight.t();
        _owned.Add(transposed.DetachFromDisposeScope());
        return transposed;
    }
}
