using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>
/// A layer's weights as <see cref="CpuDecodeSession"/> reads them: matrices transposed, vectors by address, null if absent.
/// </summary>
internal sealed unsafe class CpuLayer
{
    public required float* InputNorm { get; init; }

    public required Tensor Qkv { get; init; }

    public required float* QkvBias { get; init; }

    public required float* QNorm { get; init; }

    public required float* KNorm { get; init; }

    public required Tensor Output { get; init; }

    public required float* OutputBias { get; init; }

    public required float* PostAttentionNorm { get; init; }

    public required Tensor GateUp { get; init; }

    public required float* GateUpBias { get; init; }

    public required Tensor Down { get; init; }

    public required float* DownBias { get; init; }
}
