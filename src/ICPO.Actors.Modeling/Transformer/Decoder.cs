using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Transformer;

/// <summary>
/// A decoder-only language model. The names of its parameters are those of the Hugging Face checkpoint.
/// Public functions dispose all intermediate tensors; the caller (or its dispose scope) owns the returned one.
/// Not thread-safe: each thread needs its own decoder.
/// </summary>
public sealed class Decoder : nn.Module
{
    internal readonly DecoderStack model;
    internal readonly Projection? lm_head;

    /// <summary>A decoder whose weights are 0 and norms 1: load a checkpoint into it or <see cref="Initialize"/> it.</summary>
    public Decoder(DecoderConfig config, Device? device = null, ScalarType dtype = ScalarType.Float32)
        : base(nameof(Decoder))
    {
        TorchRuntime.EnsureLoaded();
        Config = config;
        Device = device ?? CPU;
        Dtype = dtype;
        model = new(config, Device, dtype);
        lm_head = config.TieWordEmbeddings ? null : new(config.HiddenSize, config.VocabSize, false, Device, dtype);
        RegisterComponents();
    }

    public DecoderConfig Config { get; }

    public Device Device { get; }

    public ScalarType Dtype { get; }

    /// <summary>Rotations of positions, in the layout that <see cref="Attention"/> packs queries and keys in.</summary>
    internal RotaryEmbedding Rotary => model.Rotary;

    /// <summary>The output matrix, [vocabulary, hidden].</summary>
    internal Parameter OutputWeight => lm_head?.weight ?? model.embed_tokens.weight;

    /// <summary>Adapters of the forward pass; null if none.</summary>
    public IDecoderAdapter? Adapter { get; internal set; }

    /// <summary>Products in bfloat16 over float32 weights; null if everything has <see cref="Dtype"/>.</summary>
    internal MixedPrecision? Mixed { get; private set; }

    /// <summary>Whether training keeps only each layer's input and computes the layer again in the backward pass.</summary>
    internal bool UsesCheckpoints
    {
        get => model.UsesCheckpoints;
        set => model.UsesCheckpoints = value;
    }

    /// <summary>The trained parameters: those of the adapter if there is one, otherwise all.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> TrainedParameters => Adapter?.Parameters ?? named_parameters();

    /// <summary>
    /// Draws initial weights: matrices from N(0, initializer_range²), biases 0, norms 1. Equal seeds give equal weights, on any device.
    /// </summary>
    public Decoder Initialize(ulong seed)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable _ = no_grad();
        using var generator = new Generator(seed);
        foreach ((string? name, Parameter? parameter) in named_parameters())
        {
            if (parameter.dim() == 2)
            {
                parameter.copy_(empty(parameter.shape, parameter.dtype).normal_(0, Config.InitializerRange, generator));
            }
            else
            {
                parameter.FillInPlace(name.EndsWith(".bias", StringComparison.Ordinal) ? 0 : 1);
            }
        }

        return this;
    }

    /// <summary>Logits of every position: int64 [B, T] → [B, T, vocabulary]. Parameters as in <see cref="Hidden"/>.</summary>
    public Tensor Forward(Tensor ids, Tensor? positions = null, Tensor? attentionMask = null)
    {
        using Tensor hidden = Hidden(ids, positions, attentionMask);
        return Logits(hidden);
    }

    /// <summary>Hidden states after the last norm: int64 [B, T] → [B, T, hidden].</summary>
    /// <param name="ids">Token ids, int64 [B, T]. Right padding needs no mask, since no earlier position attends to it.</param>
    /// <param name="positions">Positions, int64 [B, T]; null is 0 … T − 1 in every row.</param>
    /// <param name="attentionMask">
    /// 1 for tokens, 0 for padding, int64 or bool [B, T]; null is all tokens. Values at padded positions are undefined.
    /// </param>
    public Tensor Hidden(Tensor ids, Tensor? positions = null, Tensor? attentionMask = null) =>
        model.Forward(ids, positions, attentionMask);

    /// <summary>
    /// Multiplies in bfloat16 from now on where the weights are float32; <see cref="MixedPrecision.Refresh"/> when they change.
    /// </summary>
    internal MixedPrecision UseMixedPrecision() =>
        Mixed ??=
            Dtype == ScalarType.Float32
                ? new MixedPrecision(this)
                : throw new InvalidOperationException($"Mixed precision needs float32 weights; these are {Dtype}.");

    /// <summary>Logits of hidden states: […, hidden] → […, vocabulary].</summary>
    public Tensor Logits(Tensor hidden) =>
        (lm_head, Mixed) switch
        {
            ({ } head, _) => head.forward(hidden),
            (_, { } mixed) => Projection.Mixed(hidden, mixed.Head, null),
            _ => nn.functional.linear(hidden, OutputWeight),
        };

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Adapter?.Dispose();
            Mixed?.Dispose();
        }

        base.Dispose(disposing);
    }
}
