using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective;

/// <summary>Log-probability of given tokens and the entropy of their softmax, from logits.</summary>
public static class LogProbabilities
{
    /// <summary>log softmax(logits / temperature) at the targets.</summary>
    /// <param name="logits">[N, V].</param>
    /// <param name="targets">int64 [N].</param>
    /// <param name="temperature">The sampler's, so that π and μ use the same softmax.</param>
    /// <param name="entropyGradient">Whether the entropy has a gradient; without one it needs no graph.</param>
    /// <returns>Two tensors [N], in nats.</returns>
    public static (Tensor LogProbs, Tensor Entropy) FromLogits(
        Tensor logits,
        Tensor targets,
        double temperature = 1,
        bool entropyGradient = false
    )
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor scaled = temperature == 1 ? logits : logits.Div(temperature);
        Tensor all = nn.functional.log_softmax(scaled, -1); // [N, V]
        Tensor chosen = all.gather(1, targets.unsqueeze(1)).squeeze(1); // [N]
        return (chosen.MoveToOuterDisposeScope(), Entropy(all, entropyGradient).MoveToOuterDisposeScope());
    }

    /// <summary>
    /// <see cref="FromLogits"/> of many positions without holding the logits of all: the backward pass recomputes those of each chunk.
    /// A single chunk is computed once and kept.
    /// </summary>
    /// <param name="logits">[n, d] → [n, V].</param>
    /// <param name="hidden">[N, d].</param>
    /// <param name="targets">int64 [N].</param>
    /// <param name="chunk">Positions whose logits may be held at once.</param>
    /// <param name="temperature">As in <see cref="FromLogits"/>.</param>
    /// <param name="entropyGradient">As in <see cref="FromLogits"/>.</param>
    /// <returns>Two tensors [N], in nats.</returns>
    internal static (Tensor LogProbs, Tensor Entropy) InChunks(
        Func<Tensor, Tensor> logits,
        Tensor hidden,
        Tensor targets,
        int chunk,
        double temperature = 1,
        bool entropyGradient = false
    )
    {
        long count = targets.shape[0];
        using DisposeScope scope = NewDisposeScope();
        List<Tensor> logProbs = [],
            entropies = [];
        for (long start = 0; start < count; start += chunk)
        {
            long length = Math.Min(chunk, count - start);
            Tensor part = hidden.narrow(0, start, length),
                wanted = targets.narrow(0, start, length);
            IReadOnlyList<Tensor> outputs = length == count ? Score(part, [wanted]) : Checkpoint.Apply(Score, part, wanted);
            logProbs.Add(outputs[0]);
            entropies.Add(outputs[1]);
        }

        Tensor[] Score(Tensor x, IReadOnlyList<Tensor> wanted)
        {
            (Tensor chosen, Tensor entropy) = FromLogits(logits(x), wanted[0], temperature, entropyGradient);
            return [chosen, entropy];
        }

        return (cat(logProbs).MoveToOuterDisposeScope(), cat(entropies).MoveToOuterDisposeScope());
    }

    private static Tensor Entropy(Tensor logProbs, bool gradient)
    {
        if (gradient)
        {
            return -(logProbs.exp() * logProbs).sum(-1);
        }

        using IDisposable constant = no_grad();
        return -(logProbs.exp() * logProbs).sum(-1);
    }
}
