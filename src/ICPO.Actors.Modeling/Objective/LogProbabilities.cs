using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling;

/// <summary>Log-probability of given tokens and the entropy of their softmax, from logits.</summary>
public static class LogProbabilities
{
    /// <summary>log softmax(logits.Over(temperature)) at the targets.</summary>
    /// <param name="logits">[N, V].</param>
    /// <param name="targets">int64 [N].</param>
    /// <param name="temperature">The sampler's, so that π and μ are of the same softmax.</param>
    /// <param name="entropyGradient">Whether the entropy takes part in the gradient; without, it costs no graph.</param>
    /// <returns>Two tensors [N], in nats.</returns>
    public static (Tensor LogProbs, Tensor Entropy) FromLogits(
        Tensor logits, Tensor targets, double temperature = 1, bool entropyGradient = false)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor scaled = temperature == 1 ? logits : logits.Over(temperature);
        Tensor all = nn.functional.log_softmax(scaled, -1);                      // [N, V]
        Tensor chosen = all.gather(1, targets.unsqueeze(1)).squeeze(1);         // [N]
        return (chosen.MoveToOuterDisposeScope(), Entropy(all, entropyGradient).MoveToOuterDisposeScope());
    }

    private static Tensor Entropy(Tensor logProbs, bool gradient)
    {
        if (gradient)
        {
            return -(logProbs.exp() * logProbs).sum(-1);
        }

        using var constant = no_grad();
        return -(logProbs.exp() * logProbs).sum(-1);
    }
}
