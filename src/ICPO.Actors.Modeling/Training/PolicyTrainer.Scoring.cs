using ICPO.Actors.Modeling.Objective;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Training;

/// <summary>What policy and reference model give the tokens of a micro-batch.</summary>
public sealed partial class PolicyTrainer
{
    private Tensor? ScoreReference(MicroBatch micro)
    {
        using IDisposable constant = no_grad();
        if (_settings.Objective.KlCoefficient == 0)
        {
            return null;
        }

        using IDisposable? plain = _reference is null ? Decoder.Adapter!.Suspend() : null;
        return Score(_reference ?? Decoder, micro).LogProbs;
    }

    /// <summary>log π and entropy of the response tokens [N], from the hidden states of those positions only.</summary>
    private (Tensor LogProbs, Tensor Entropy) Score(Decoder decoder, MicroBatch micro)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor hidden = decoder.Hidden(micro.Ids); // [B, T, d]
        Tensor chosen = hidden.view(-1, hidden.shape[^1]).index_select(0, micro.Places); // [N, d]
        bool usesEntropy = _settings.Objective.EntropyCoefficient != 0;
        if (decoder is { Mixed: { } mixed, lm_head: null or { Adapter: null } } && decoder.Device.type == DeviceType.CPU)
        {
            (Tensor fast, Tensor spread) = MixedScores.Apply(chosen, mixed.Head, micro.Targets, _logitsChunk, _settings.Temperature);
            return (fast.MoveToOuterDisposeScope(), (usesEntropy ? spread : spread.detach()).MoveToOuterDisposeScope());
        }

        (Tensor logProbs, Tensor entropy) = LogProbabilities.InChunks(
            part => decoder.Logits(part).to(_dtype),
            chosen,
            micro.Targets,
            _logitsChunk,
            _settings.Temperature,
            usesEntropy
        );
        return (logProbs.MoveToOuterDisposeScope(), entropy.MoveToOuterDisposeScope());
    }
}
