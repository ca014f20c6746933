using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Transformer;

/// <summary>Embedding, layers and last norm: the part that checkpoints call <c>model</c>.</summary>
internal sealed class DecoderStack : nn.Module
{
    internal readonly Embedding embed_tokens;
    internal readonly ModuleList<DecoderLayer> layers;
    internal readonly RmsNorm norm;

    public DecoderStack(DecoderConfig config, Device device, ScalarType dtype)
        : base(nameof(DecoderStack))
    {
        Rotary = new(config, device, dtype);
        embed_tokens = new(config, device, dtype);
        layers = new([.. Enumerable.Range(0, config.NumHiddenLayers).Select(_ => new DecoderLayer(config, device, dtype))]);
        norm = new(config.HiddenSize, config.RmsNormEps, device, dtype);
        RegisterComponents();
    }

    public RotaryEmbedding Rotary { get; }

    /// <summary>See <see cref="Decoder.UsesCheckpoints"/>.</summary>
    public bool UsesCheckpoints { get; set; }

    /// <summary>As <see cref="Decoder.Hidden"/>.</summary>
    public Tensor Forward(Tensor ids, Tensor? positions, Tensor? attentionMask)
    {
        using DisposeScope scope = NewDisposeScope();
        (long batch, long length) = (ids.shape[0], ids.shape[1]);
        Tensor angles = positions is null ? Rotary.Table(length).unsqueeze(0) : Rotary.At(positions);
        Tensor rotations = angles.unsqueeze(2); // [B or 1, T, 1, D/2]
        Tensor? mask = attentionMask is null ? null : Visible(attentionMask);
        Tensor x = embed_tokens.forward(ids.flatten());
        foreach (DecoderLayer layer in layers)
        {
            x =
                UsesCheckpoints && is_grad_enabled()
                    ? Checkpoint.Apply(
                        (input, kept) => [layer.Forward(input, kept[0], batch, kept.Count > 1 ? kept[1] : null)],
                        x,
                        mask is null ? [rotations] : [rotations, mask]
                    )[0]
                    : layer.Forward(x, rotations, batch, mask);
        }

        return norm.forward(x).view(batch, length, -1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// [B, T] → bool [B, 1, T, T]: earlier tokens except padding, and always the position itself (a row without any would be NaN).
    /// </summary>
    private static Tensor Visible(Tensor attentionMask)
    {
        long length = attentionMask.shape[1];
        Tensor self = eye(length, length, ScalarType.Bool, attentionMask.device);
        Tensor causal = ones(length, length, ScalarType.Bool, attentionMask.device).tril();
        return attentionMask.to(ScalarType.Bool).view(-1, 1, 1, length).logical_and(causal).logical_or(self);
    }
}
