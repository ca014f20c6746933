using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Torch;

/// <summary>
/// Causal grouped-query attention of short sequences in mixed precision: scores and softmax are float32, the other products bfloat16. It
/// keeps the probabilities, H·T numbers a token, and computes nothing again, where libtorch's fused attention on the CPU takes several
/// times longer for rows this short.
/// </summary>
internal sealed class MixedAttention : autograd.SingleTensorFunction<MixedAttention>
{
    /// <summary>Longest sequence that is computed this way.</summary>
    public const long Longest = 256;

    public override string Name => nameof(MixedAttention);

    /// <param name="query">[B, H, T, D].</param>
    /// <param name="key">[B, KV, T, D].</param>
    /// <param name="value">[B, KV, T, D].</param>
    /// <returns>bfloat16 [B, H, T, D].</returns>
    public static Tensor Apply(Tensor query, Tensor key, Tensor value) => apply(query, key, value);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        (Tensor? query, Tensor? key, Tensor? value) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2]);
        (long batch, long heads, long length, long size, long groups) = (
            query.shape[0],
            query.shape[1],
            query.shape[2],
            query.shape[3],
            key.shape[1]
        );
        Tensor q = query.reshape(batch * groups, heads / groups * length, size); // [B·KV, G·T, D]
        (Tensor? k, Tensor? v) = (
            key.reshape(batch * groups, length, size),
            value.reshape(batch * groups, length, size).to(ScalarType.BFloat16)
        );
        Tensor future = ones(length, length, ScalarType.Bool, query.device).triu(1);
        Tensor scores = q.to(ScalarType.Float32).bmm(k.to(ScalarType.Float32).transpose(1, 2)).MulInPlace(1 / Math.Sqrt(size));
        Tensor probabilities = scores.view(-1, length, length).MaskFillInPlace(future).softmax(-1);
        Tensor weights = probabilities.to(ScalarType.BFloat16).view(scores.shape); // [B·KV, G·T, T]
        Tensor mixed = weights.bmm(v);

        // Saved tensors are read after this method returns, so the caller's scope disposes them.
        List<Tensor> saved = [q.to(ScalarType.BFloat16), k.to(ScalarType.BFloat16), v, weights, mixed];
        ctx.save_for_backward([.. saved.Select(tensor => tensor.alias().MoveToOuterDisposeScope())]);
        ctx.save_data(nameof(query), query.shape);
        ctx.save_data(nameof(key), key.shape);
        ctx.save_data(nameof(query.dtype), query.dtype);
        return mixed.view(query.shape).MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        (long[]? queryShape, long[]? keyShape, ScalarType dtype) = (
            (long[])ctx.get_data("query"),
            (long[])ctx.get_data("key"),
            (ScalarType)ctx.get_data("dtype")
        );
        List<Tensor> saved = ctx.get_saved_variables();
        (Tensor? q, Tensor? k, Tensor? v, Tensor? weights, Tensor? mixed) = (saved[0], saved[1], saved[2], saved[3], saved[4]);
        Tensor slope = grad_output.reshape(q.shape);
        Tensor value = weights.transpose(1, 2).bmm(slope);

        // ∂score = p · (∂p − Σ p·∂p), and Σ p·∂p is the product of the output with its gradient.
        Tensor share = slope.to(ScalarType.Float32).mul(mixed).sum(-1, keepdim: true);
        Tensor scores = slope
            .bmm(v.transpose(1, 2))
            .to(ScalarType.Float32)
            .sub_(share)
            .mul_(weights)
            .MulInPlace(1 / Math.Sqrt(q.shape[2]))
            .to(ScalarType.BFloat16);
        Tensor query = scores.bmm(k).view(queryShape).to(dtype);
        Tensor key = scores.transpose(1, 2).bmm(q).view(keyShape).to(dtype);
        return [query.MoveToOuterDisposeScope(), key.MoveToOuterDisposeScope(), value.view(keyShape).MoveToOuterDisposeScope()];
    }
}
