using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Modeling.Objective;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Training;

/// <summary>What policy and reference model give the tokens of a micro-batch.</summary>
public sealed partial class PolicyTrainer
{
    private bool MasksMiniBatches => _settings.Objective.Masks.Any(mask => mask.NeedsMiniBatch);

    /// <summary>
    /// log π_prox of every token before the first step. The first step alone needs none, since there π is π_prox, unless a mask compares
    /// the tokens of a mini-batch.
    /// </summary>
    private void ScoreProximal(List<List<MicroBatch>> parts, CancellationToken cancellationToken)
    {
        if (_settings.Objective is not { Proximal: ProximalPolicy.StartOfUpdate, Correction.NeedsProximal: true })
        {
            return;
        }

        foreach (MicroBatch micro in parts.Skip(MasksMiniBatches ? 0 : 1).SelectMany(part => part))
        {
            NativeCalls.AllowExit();
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            using IDisposable constant = no_grad();
            micro.Proximal = Score(Decoder, micro).LogProbs.MoveToOuterDisposeScope();
        }
    }

    /// <summary>The normalizers of a mini-batch, and the bound of its second-moment mask if it has one.</summary>
    private ObjectiveTotals Totals(IReadOnlyCollection<TrainingSequence> sequences, List<MicroBatch> parts)
    {
        ObjectiveTotals totals = new(sequences.Sum(s => (double)s.Response.Length), sequences.Count);
        if (!MasksMiniBatches || parts.Any(micro => micro.Proximal is null))
        {
            return totals;
        }

        double limit = _settings.Objective.LogRatioLimit;
        double[] squares =
        [
            .. parts.SelectMany(micro =>
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor policy = micro.Expert.logical_not().index_select(0, micro.Sequence);
                Tensor logRho = (micro.Proximal! - micro.Behaviour).Clamp(-limit, limit);
                return (logRho * logRho).masked_select(policy).to(ScalarType.Float64).cpu().data<double>().ToArray();
            }),
        ];
        return totals with { SquaredLimit = _settings.Objective.Masks.First(mask => mask.NeedsMiniBatch).SquaredLimit(squares) };
    }

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

    /// <summary>log π_θ of the response tokens under the teacher's prompts; null if the loss has no teacher.</summary>
    private Tensor? ScoreTeacher(MicroBatch micro)
    {
        if (micro.TeacherIds is not { } ids || micro.TeacherPlaces is not { } places)
        {
            return null;
        }

        using IDisposable constant = no_grad();
        return Score(Decoder, micro, ids, places).LogProbs;
    }

    private (Tensor LogProbs, Tensor Entropy) Score(Decoder decoder, MicroBatch micro) => Score(decoder, micro, micro.Ids, micro.Places);

    /// <summary>log π and entropy of the response tokens [N], from the hidden states of those positions only.</summary>
    /// <param name="decoder">The model.</param>
    /// <param name="micro">The response tokens.</param>
    /// <param name="ids">Prompts and responses, int64 [B, T].</param>
    /// <param name="places">Flat places in [B·T] whose next token is a response token, int64 [N].</param>
    private (Tensor LogProbs, Tensor Entropy) Score(Decoder decoder, MicroBatch micro, Tensor ids, Tensor places)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor hidden = decoder.Hidden(ids); // [B, T, d]
        Tensor chosen = hidden.view(-1, hidden.shape[^1]).index_select(0, places); // [N, d]
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
