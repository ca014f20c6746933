using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective;

/// <summary>
/// Output layer, log-probability and entropy as one function, on the CPU in mixed precision: logits are bfloat16, a chunk of positions at a
/// time; results are float32. As in <see cref="LogProbabilities.InChunks"/>, the backward pass recomputes the logits unless one chunk
/// holds all.
/// </summary>
internal sealed class MixedScores : autograd.MultiTensorFunction<MixedScores>
{
    public override string Name => nameof(MixedScores);

    /// <param name="hidden">[N, d].</param>
    /// <param name="head">[V, d].</param>
    /// <param name="targets">int64 [N].</param>
    /// <param name="chunk">Positions whose logits are held at once.</param>
    /// <param name="temperature">As in <see cref="LogProbabilities.FromLogits"/>.</param>
    /// <returns>Two tensors [N], float32, in nats; the entropy has a gradient.</returns>
    public static (Tensor LogProbs, Tensor Entropy) Apply(Tensor hidden, WorkingWeight head, Tensor targets, int chunk, double temperature)
    {
        using Tensor half = hidden.to(ScalarType.BFloat16);
        List<Tensor> outputs = apply(half, head, targets, chunk, (float)(1 / temperature));
        return (outputs[0], outputs[1]);
    }

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        (Tensor? hidden, WorkingWeight? head, Tensor? targets, int chunk, float scale) = (
            (Tensor)vars[0],
            (WorkingWeight)vars[1],
            (Tensor)vars[2],
            (int)vars[3],
            (float)vars[4]
        );
        long count = hidden.shape[0];
        Tensor logProbs = empty(count),
            entropy = empty(count),
            logSum = empty(count),
            mean = empty(count);
        List<Tensor> kept = [hidden, targets, logSum.MoveToOuterDisposeScope(), mean.MoveToOuterDisposeScope()];
        for (long start = 0; start < count; start += chunk)
        {
            using DisposeScope part = NewDisposeScope();
            Tensor logits = nn.functional.linear(hidden.narrow(0, start, Math.Min(chunk, count - start)), head.Value);
            Read(logits, targets, new(logProbs, entropy, logSum, mean), start, scale);
            if (chunk >= count)
            {
                kept.Add(logits.MoveToOuterDisposeScope());
            }
        }

        // Saved tensors are read after this method returns, so the caller's scope disposes them.
        kept.Skip(4).ToList().ForEach(logits => logits.MoveToOuterDisposeScope());
        ctx.save_for_backward(kept);
        ctx.save_data(nameof(head), head);
        ctx.save_data(nameof(chunk), chunk);
        ctx.save_data(nameof(scale), scale);
        ctx.set_materialize_grads(false);
        return [logProbs.MoveToOuterDisposeScope(), entropy.MoveToOuterDisposeScope()];
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        List<Tensor> saved = ctx.get_saved_variables();
        (WorkingWeight? head, int chunk, float scale) = (
            (WorkingWeight)ctx.get_data("head"),
            (int)ctx.get_data("chunk"),
            (float)ctx.get_data("scale")
        );
        (Tensor? hidden, Tensor? targets) = (saved[0], saved[1]);
        long count = hidden.shape[0];
        Tensor first = Gradient(grad_outputs[0], count),
            second = Gradient(grad_outputs[1], count),
            result = empty_like(hidden);
        for (long start = 0; start < count; start += chunk)
        {
            using DisposeScope part = NewDisposeScope();
            Tensor x = hidden.narrow(0, start, Math.Min(chunk, count - start));
            Tensor slopes = saved.Count > 4 ? saved[4] : nn.functional.linear(x, head.Value);
            Differentiate(slopes, targets, new(first, second, saved[2], saved[3]), start, scale);
            if (head.IsTrained)
            {
                head.Accumulate(slopes.t().mm(x));
            }

            result.narrow(0, start, x.shape[0]).copy_(slopes.mm(head.Value));
        }

        return [result.MoveToOuterDisposeScope(), null!, null!, null!, null!];
    }

    private static Tensor Gradient(Tensor? output, long count) =>
        output is { IsInvalid: false } ? output.to(ScalarType.Float32).contiguous() : zeros(count);

    private static unsafe void Read(Tensor logits, Tensor targets, Rows results, long start, float scale)
    {
        int size = (int)logits.shape[1];
        ushort* rows = (ushort*)TensorMemory.Start(logits);
        long* wanted = (long*)TensorMemory.Start(targets) + start;
        float* chosen = (float*)TensorMemory.Start(results.LogProbs) + start,
            spread = (float*)TensorMemory.Start(results.Entropy) + start;
        float* sums = (float*)TensorMemory.Start(results.LogSum) + start,
            means = (float*)TensorMemory.Start(results.Mean) + start;
        ForEach(logits.shape[0], row =>
        {
            ushort* numbers = rows + ((nint)row * size);
            (sums[row], means[row]) = ScoreKernels.Summarize(numbers, size, scale);
            chosen[row] = (BitConverter.UInt32BitsToSingle((uint)numbers[wanted[row]] << 16) * scale) - sums[row];
            spread[row] = sums[row] - means[row];
        });
    }

    private static unsafe void Differentiate(Tensor logits, Tensor targets, Rows gradients, long start, float scale)
    {
        int size = (int)logits.shape[1];
        ushort* rows = (ushort*)TensorMemory.Start(logits);
        long* wanted = (long*)TensorMemory.Start(targets) + start;
        float* sums = (float*)TensorMemory.Start(gradients.LogSum) + start,
            means = (float*)TensorMemory.Start(gradients.Mean) + start;
        float* g = (float*)TensorMemory.Start(gradients.LogProbs) + start,
            h = (float*)TensorMemory.Start(gradients.Entropy) + start;
        ForEach(logits.shape[0], row =>
        {
            var gradient = new RowGradient(sums[row], means[row], g[row], h[row]);
            ScoreKernels.Differentiate(rows + ((nint)row * size), size, scale, (int)wanted[row], gradient);
        });
    }

    /// <summary>Rows are independent, so the result does not depend on the number of threads.</summary>
    private static void ForEach(long rows, Action<int> action)
    {
        if (get_num_threads() > 1)
        {
            Parallel.For(0, (int)rows, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, action);
            return;
        }

        for (int row = 0; row < rows; row++)
        {
            action(row);
        }
    }

    /// <summary>One number per row [N]: results, or their gradients, and the softmax statistics.</summary>
    private readonly record struct Rows(Tensor LogProbs, Tensor Entropy, Tensor LogSum, Tensor Mean);
}
