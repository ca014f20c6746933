using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Transformer;

/// <summary>x + attention(norm(x)), then x + feed-forward(norm(x)).</summary>
internal sealed class DecoderLayer : nn.Module
{
    internal readonly RmsNorm input_layernorm;
    internal readonly Attention self_attn;
    internal readonly RmsNorm post_attention_layernorm;
    internal readonly FeedForward mlp;

    public DecoderLayer(DecoderConfig config, Device device, ScalarType dtype)
        : base(nameof(DecoderLayer))
    {
        input_layernorm = new(config.HiddenSize, config.RmsNormEps, device, dtype);
        self_attn = new(config, device, dtype);
        post_attention_layernorm = new(config.HiddenSize, config.RmsNormEps, device, dtype);
        mlp = new(config, device, dtype);
        RegisterComponents();
    }

    /// <summary>[B·T, hidden] → [B·T, hidden]; parameters as in <see cref="Attention.Forward"/>.</summary>
    public Tensor Forward(Tensor input, Tensor rotations, long batch, Tensor? mask)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = input.Add(self_attn.Forward(input_layernorm.forward(input), rotations, batch, mask));
        return x.Add(mlp.forward(post_attention_layernorm.forward(x))).MoveToOuterDisposeScope();
    }
}
