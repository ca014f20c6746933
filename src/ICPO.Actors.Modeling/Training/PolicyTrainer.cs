using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Modeling.Objective;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Training;

/// <summary>
/// The policy under training, on the calling thread; <see cref="PolicyLearner"/> runs it on a dedicated one. An update is a
/// function of weights, moments, settings and batch; with one intra-op thread it is the same to the last bit.
/// </summary>
public sealed partial class PolicyTrainer : IDisposable
{
    private readonly LearnerSettings _settings;
    private readonly Decoder? _reference;
    private readonly int _logitsChunk;

    // Log-probabilities and losses are never of half precision.
    private readonly ScalarType _dtype;

    /// <param name="decoder">The policy; the trainer's from now on.</param>
    /// <param name="settings">How to train it.</param>
    /// <param name="version">Version of its weights.</param>
    /// <param name="reference">π_ref, the base model; needed where the KL coefficient is not 0, unless the policy has an adapter: then it
    /// is the policy without it. The trainer's from now on.</param>
    public PolicyTrainer(Decoder decoder, LearnerSettings settings, PolicyVersion version = default, Decoder? reference = null)
    {
        if (settings.Objective.KlCoefficient != 0 && reference is null && decoder.Adapter is null)
        {
            throw new ArgumentException("A KL coefficient other than 0 needs the reference model.", nameof(reference));
        }

        (Decoder, _settings, Version, _reference) = (decoder, settings, version, reference);
        _dtype = decoder.Dtype is ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        decoder.UsesCheckpoints = settings.GradientCheckpointing;
        Parameters = new FlatParameters(decoder.TrainedParameters);
        if (settings.MixedPrecision)
        {
            decoder.UseMixedPrecision();
            reference?.UseMixedPrecision();
        }

        _logitsChunk = TrainingMemory.LogitsChunk(settings, decoder.Config.VocabSize);
        Optimizer = new AdamW(Parameters, settings.Optimizer);
    }

    public Decoder Decoder { get; }

    public FlatParameters Parameters { get; }

    public AdamW Optimizer { get; }

    /// <summary>Version of the weights.</summary>
    public PolicyVersion Version { get; set; }

    /// <summary>Trains on the batch; see <see cref="ILearner.UpdateAsync"/>.</summary>
    /// <param name="batch">Of the present version.</param>
    /// <param name="cancellationToken">Ends the update between two micro-batches.</param>
    /// <exception cref="NonFiniteLossException">Weights and moments are those from before the update.</exception>
    /// <exception cref="OperationCanceledException">Weights and moments are those from before the update.</exception>
    /// <exception cref="ArgumentException">The batch is of another version, empty, or a sequence's arrays do not fit each
    /// other.</exception>
    public UpdateReport Update(TrainingBatch batch, CancellationToken cancellationToken = default)
    {
        TrainingSequence[] sequences = MiniBatches.Check(batch, Version, Decoder.Config.VocabSize);
        long started = Stopwatch.GetTimestamp();
        List<TrainingSequence[]> miniBatches = MiniBatches.Cut(sequences, _settings.MiniBatches);
        List<List<MicroBatch>> parts = [.. miniBatches.Select(part => MicroBatch.Pack(part, _settings, Decoder.Device, _dtype).ToList())];
        using OptimizerSnapshot? before = parts.Count > 1 ? new(Parameters, Optimizer) : null;
        try
        {
            Decoder.Mixed?.Refresh();
            double proximalSeconds = Timed(() => ScoreProximal(parts, cancellationToken));
            double rate = LearningRates.At(_settings.Optimizer, Version.Value),
                loss = 0,
                norm = 0,
                optimizerSeconds = 0;
            ObjectiveStatistics statistics = ObjectiveStatistics.Empty;
            for (int i = 0; i < parts.Count; i++)
            {
                Parameters.ZeroGradients();
                (double partLoss, ObjectiveStatistics part) = Accumulate(parts[i], Totals(miniBatches[i], parts[i]), cancellationToken);
                double partNorm = Parameters.GradientNorm();
                if (!double.IsFinite(partLoss) || !double.IsFinite(partNorm))
                {
                    throw NonFinite(miniBatches[i], partLoss, partNorm);
                }

                optimizerSeconds += Timed(() => Step(partNorm, rate));
                if (i + 1 < parts.Count)
                {
                    Decoder.Mixed?.Refresh();
                }

                loss += partLoss / parts.Count;
                norm += partNorm / parts.Count;
                statistics += part;
            }

            Version = Version.Next();
            return new UpdateReport(
                Version,
                WeightsSha256(),
                sequences.Sum(s => (long)s.Response.Length),
                ImmutableSortedDictionary.CreateRange<string, double>([
                    .. statistics.Metrics(),
                    new("loss", loss),
                    new("gradient-norm", norm),
                    new("learning-rate", rate),
                    new("sequences", sequences.Length),
                    new("seconds/update", Stopwatch.GetElapsedTime(started).TotalSeconds),
                    new("seconds/proximal", proximalSeconds),
                    new("seconds/optimizer", optimizerSeconds),
                    new("weights/growth", Decoder.Adapter?.Growth() ?? Parameters.Growth()),
                ])
            );
        }
        catch (Exception error) when (error is NonFiniteLossException or OperationCanceledException)
        {
            before?.Restore();
            throw;
        }
        finally
        {
            parts.SelectMany(part => part).ToList().ForEach(micro => micro.Dispose());
        }
    }

    /// <summary>Adds the gradient of these sequences' loss, as one mini-batch, to the gradients; takes no step.</summary>
    /// <returns>The loss.</returns>
    internal double AddGradient(IReadOnlyCollection<TrainingSequence> sequences)
    {
        Decoder.Mixed?.Refresh();
        List<MicroBatch> parts = [.. MicroBatch.Pack(sequences, _settings, Decoder.Device, _dtype)];
        try
        {
            return Accumulate(parts, Totals(sequences, parts), CancellationToken.None).Loss;
        }
        finally
        {
            parts.ForEach(part => part.Dispose());
        }
    }

    /// <summary>SHA-256 over every parameter in name order, little-endian, lower-case hex.</summary>
    public string WeightsSha256()
    {
        using DisposeScope scope = NewDisposeScope();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((_, TorchSharp.Modules.Parameter parameter) in Parameters.Named)
        {
            hash.AppendData(parameter.detach().cpu().bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose()
    {
        Optimizer.Dispose();
        Parameters.Dispose();
        Decoder.Dispose();
        _reference?.Dispose();
    }

    private (double Loss, ObjectiveStatistics Statistics) Accumulate(
        List<MicroBatch> parts,
        ObjectiveTotals totals,
        CancellationToken cancellationToken
    )
    {
        (double loss, ObjectiveStatistics statistics) = (0, ObjectiveStatistics.Empty);
        foreach (MicroBatch micro in parts)
        {
            NativeCalls.AllowExit();
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            using IDisposable gradient = set_grad_enabled(micro.NeedsGradient);
            (Tensor logProbs, Tensor entropy) = Score(Decoder, micro);
            ObjectiveOutputs outputs = PolicyObjective.Compute(
                new ObjectiveInputs
                {
                    LogProbs = logProbs,
                    Behaviour = micro.Behaviour,
                    Proximal = micro.Proximal,
                    Reference = ScoreReference(micro),
                    Teacher = ScoreTeacher(micro),
                    Entropy = entropy,
                    Mask = micro.Mask,
                    Sequence = micro.Sequence,
                    Expert = micro.Expert,
                    Advantage = micro.Advantage,
                    Rewarded = micro.Rewarded,
                    Versions = micro.Versions,
                    CurrentVersion = Version.Next().Value,
                    Totals = totals,
                },
                _settings.Objective
            );
            if (micro.NeedsGradient)
            {
                outputs.Loss.backward();
            }

            loss += outputs.Loss.to(ScalarType.Float64).item<double>();
            statistics += outputs.Statistics;
        }

        return (loss, statistics);
    }

    private void Step(double norm, double rate)
    {
        Optimizer.Clip(norm);
        Optimizer.Step(rate);
    }

    /// <summary>Finds the first group whose own loss or gradient is not finite.</summary>
    private NonFiniteLossException NonFinite(TrainingSequence[] sequences, double loss, double norm)
    {
        GroupId? culprit = null;
        foreach (IGrouping<GroupId, TrainingSequence> group in sequences.GroupBy(s => s.Id.Group))
        {
            Parameters.ZeroGradients();
            if (!double.IsFinite(AddGradient([.. group])) || !double.IsFinite(Parameters.GradientNorm()))
            {
                culprit = group.Key;
                break;
            }
        }

        Parameters.ZeroGradients();
        string where = culprit is { } id ? $"group {id} makes it so" : "no single group makes it so";
        return new NonFiniteLossException(
            culprit,
            $"The update after {Version} has loss {loss} and gradient norm {norm}: {where}; the weights are unchanged."
        );
    }

    private static double Timed(Action action)
    {
        long started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
