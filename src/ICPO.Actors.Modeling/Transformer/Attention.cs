using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Transformer;

/// <summary>
/// Causal grouped-query attention, with normalized queries and keys in some families. Parameters are separate as in Hugging Face
/// modules; a forward pass packs them so that queries, keys and values need one product, one norm and one rotation.
/// </summary>
internal sealed class Attention : nn.Module
{
    internal readonly Projection q_proj;
    internal readonly Projection k_proj;
    internal readonly Projection v_proj;
    internal readonly Projection o_proj;
    internal readonly RmsNorm? q_norm;
    internal readonly RmsNorm? k_norm;
    private readonly DecoderConfig config;

    public Attention(DecoderConfig config, Device device, ScalarType dtype)
        : base(nameof(Attention))
    {
        this.config = config;
        (long d, long q, long kv) = (
            (long)config.HiddenSize,
            (long)config.NumAttentionHeads * config.HeadDim,
            (long)config.NumKeyValueHeads * config.HeadDim
        );
        q_proj = new(d, q, config.HasQkvBias, device, dtype);
        k_proj = new(d, kv, config.HasQkvBias, device, dtype);
        v_proj = new(d, kv, config.HasQkvBias, device, dtype);
        o_proj = new(q, d, config.HasOutputBias, device, dtype);
        if (config.HasQueryKeyNorm)
        {
            q_norm = new(config.HeadDim, config.RmsNormEps, device, dtype);
            k_norm = new(config.HeadDim, config.RmsNormEps, device, dtype);
        }

        RegisterComponents();
    }

    /// <summary>The three projections as in <see cref="PackWeight"/>; see <see cref="Projection.Working"/>.</summary>
    public WorkingWeight? Working { get; set; }

    /// <summary>
    /// The projections of q, k and v stacked, [(H + 2·KV)·D, hidden].
    /// Rows of q and k are in pairs (j, j + D/2), which rotary embedding rotates together, so that it is one complex product;
    /// scores do not change, since q and k are permuted alike.
    /// </summary>
    private Tensor PackWeight()
    {
        using DisposeScope scope = NewDisposeScope();
        return cat([Paired(q_proj.weight), Paired(k_proj.weight), v_proj.weight]).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The biases that belong to <see cref="PackWeight"/>, and the norm weights of q and k, [H + KV, D]; null if none.
    /// </summary>
    private (Tensor? Bias, Tensor? Norm) PackVectors()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor? bias = q_proj.bias is null ? null : cat([Paired(q_proj.bias), Paired(k_proj.bias!), v_proj.bias!]);
        Tensor? norm = q_norm is null
            ? null
            : cat([Paired(q_norm.weight).expand(config.NumAttentionHeads, -1), Paired(k_norm!.weight).expand(config.NumKeyValueHeads, -1)]);
        return (bias?.MoveToOuterDisposeScope(), norm?.MoveToOuterDisposeScope());
    }

    /// <param name="input">[B·T, hidden].</param>
    /// <param name="rotations">Complex [B or 1, T, 1, D/2].</param>
    /// <param name="batch">B.</param>
    /// <param name="mask">Positions that each position attends to, bool [B, 1, T, T]; null is causal.</param>
    /// <returns>[B·T, hidden].</returns>
    public Tensor Forward(Tensor input, Tensor rotations, long batch, Tensor? mask)
    {
        using DisposeScope scope = NewDisposeScope();
        (int heads, int groups, int width) = (config.NumAttentionHeads, config.NumKeyValueHeads, config.HeadDim);
        long length = input.shape[0] / batch;
        (Tensor? bias, Tensor? norm) = PackVectors();
        Tensor x = Working is null ? input : input.to(ScalarType.BFloat16);
        Tensor projected = Working is null ? nn.functional.linear(x, PackWeight(), bias) : Projection.Mixed(x, Working, bias);
        Tensor[] parts = (Deltas(x) is { } deltas ? projected.Add(deltas) : projected)
            .view(batch, length, heads + (2 * groups), width) // [B, T, H + 2·KV, D]
            .split([heads + groups, groups], dim: 2);

        Tensor aligned = norm is null ? parts[0] : RmsNorm.Normalize(parts[0], norm, config.RmsNormEps);
        Tensor[] turned = Rotate(aligned, rotations).split([heads, groups], dim: 2);
        Tensor query = turned[0].transpose(1, 2); // [B, H, T, D]
        (Tensor? key, Tensor? value) = (turned[1].transpose(1, 2), parts[1].transpose(1, 2)); // [B, KV, T, D]
        Tensor mixed = // [B, H, T, D]
            Working is not null && mask is null && length <= MixedAttention.Longest
                ? MixedAttention.Apply(query, key, value)
                : nn.functional.scaled_dot_product_attention(query, Repeat(key), Repeat(value), mask, is_casual: mask is null);
        return o_proj.forward(mixed.transpose(1, 2).reshape(batch * length, heads * width)).MoveToOuterDisposeScope();
    }

    /// <summary>What adapters add to the packed product, [B·T, (H + 2·KV)·D]; null if none.</summary>
    private Tensor? Deltas(Tensor input)
    {
        if ((q_proj.Adapter ?? k_proj.Adapter ?? v_proj.Adapter) is null)
        {
            return null;
        }

        using DisposeScope scope = NewDisposeScope();
        return cat([Delta(q_proj, Paired), Delta(k_proj, Paired), Delta(v_proj, null)], -1).MoveToOuterDisposeScope();

        Tensor Delta(Projection projection, Func<Tensor, Tensor>? arrange) =>
            projection.Adapter?.Delta(input, arrange) ?? zeros(input.shape[0], projection.weight.shape[0], input.dtype, input.device);
    }

    /// <summary>Rotates each pair (2j, 2j + 1) of the last dimension.</summary>
    private static Tensor Rotate(Tensor x, Tensor rotations)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor real = x.dtype is ScalarType.Float64 or ScalarType.Float32 ? x : x.to(ScalarType.Float32);
        Tensor pairs = real.view([.. x.shape[..^1], x.shape[^1] / 2, 2]).view_as_complex();
        return pairs.mul(rotations).view_as_real().view(x.shape).to(x.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>[B, KV, T, D] → [B, H, T, D], each head for the query heads that share it.</summary>
    private Tensor Repeat(Tensor x)
    {
        int times = config.NumAttentionHeads / config.NumKeyValueHeads;
        return times == 1
            ? x
            : x.unsqueeze(2).expand(-1, -1, times, -1, -1).reshape(x.shape[0], config.NumAttentionHeads, x.shape[2], x.shape[3]);
    }

    /// <summary>[n·D, …] with the halves of each head interleaved.</summary>
    private Tensor Paired(Tensor x) => x.view([-1, 2, config.HeadDim / 2, .. x.shape[1..]]).transpose(1, 2).reshape(x.shape);
}
