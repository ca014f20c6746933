using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Transformer;

/// <summary>A row per token.</summary>
internal sealed class Embedding : nn.Module<Tensor, Tensor>
{
    internal readonly Parameter weight; // [vocabulary, hidden]

    public Embedding(DecoderConfig config, Device device, ScalarType dtype)
        : base(nameof(Embedding))
    {
        weight = nn.Parameter(zeros(config.VocabSize, config.HiddenSize, dtype, device));
        RegisterComponents();
    }

    /// <summary>int64 [N] → [N, hidden].</summary>
    public override Tensor forward(Tensor input) => weight.index_select(0, input);
}
