using System.Diagnostics;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Pretraining;

/// <summary>
/// Plain language-model training from fresh weights: next-token cross-entropy over the counted tokens of rows of one length.
/// The result is a function of configuration, settings and rows (one machine, one thread count).
/// </summary>
public static class Pretrainer
{
    /// <summary>Trains a new decoder through the phases, moments kept between them. Runs on the calling thread.</summary>
    /// <exception cref="InvalidDataException">A phase's rows end too early or differ in length.</exception>
    public static Decoder Train(
        DecoderConfig config,
        PretrainingSettings settings,
        IReadOnlyList<PretrainingPhase> phases,
        Action<PretrainingProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        TorchRuntime.EnsureLoaded();
        using NativeCalls.Scope call = NativeCalls.Begin();
        TorchRuntime.SetThreads(settings.Threads);
        Decoder decoder = Initialize(new Decoder(config), settings.Seed);
        using FlatParameters parameters = new(decoder);
        using AdamW optimizer = new(parameters, settings.Optimizer);
        long total = phases.Sum(phase => phase.Tokens),
            read = 0,
            started = Stopwatch.GetTimestamp();
        for (int phase = 0; phase < phases.Count; phase++)
        {
            (IEnumerable<PretrainingRow> rows, long tokens, double peak) = phases[phase];
            using IEnumerator<PretrainingRow[]> batches = rows.Chunk(settings.BatchRows).GetEnumerator();
            long perStep = 0,
                steps = 1;
            for (long step = 0; step < steps; step++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                NativeCalls.AllowExit();
                if (!batches.MoveNext() || batches.Current.Length < settings.BatchRows)
                {
                    throw new InvalidDataException(
                        $"Phase {phase} has rows for {step} of {steps} batches; give more rows or fewer tokens."
                    );
                }

                perStep = settings.BatchRows * batches.Current[0].Tokens.Length;
                steps = Math.Max(1, tokens / perStep);
                double rate = LearningRates.At(
                    new()
                    {
                        LearningRate = peak,
                        Schedule = LearningRateSchedule.Cosine,
                        MinimumShare = 0,
                        TotalUpdates = (int)steps,
                    },
                    step
                );
                double loss = Step(decoder, parameters, optimizer, batches.Current, rate);
                read += perStep;
                progress?.Invoke(new(phase, read, total, loss, rate, read / Stopwatch.GetElapsedTime(started).TotalSeconds));
            }
        }

        return decoder;
    }

    /// <summary>
    /// Fresh weights; the two matrices of a layer that write to the residual are scaled by 1/√(2·layers) (Radford et al. 2019).
    /// </summary>
    private static Decoder Initialize(Decoder decoder, ulong seed)
    {
        using IDisposable constant = no_grad();
        decoder.Initialize(seed);
        double scale = 1 / Math.Sqrt(2.0 * decoder.Config.NumHiddenLayers);
        foreach ((string name, TorchSharp.Modules.Parameter? parameter) in decoder.named_parameters())
        {
            if (name.EndsWith("o_proj.weight", StringComparison.Ordinal) || name.EndsWith("down_proj.weight", StringComparison.Ordinal))
            {
                parameter.MulInPlace(scale);
            }
        }

        return decoder;
    }

    private static double Step(Decoder decoder, FlatParameters parameters, AdamW optimizer, PretrainingRow[] rows, double rate)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor ids, Tensor places, Tensor targets) = Collate(rows);
        Tensor hidden = decoder.Hidden(ids); // [B, T − 1, d]
        Tensor chosen = hidden.view(-1, hidden.shape[^1]).index_select(0, places); // [N, d]
        Tensor loss = nn.functional.cross_entropy(decoder.Logits(chosen), targets);
        parameters.ZeroGradients();
        loss.backward();
        double norm = parameters.GradientNorm();
        double value = loss.item<float>();
        if (!double.IsFinite(norm) || !double.IsFinite(value))
        {
            throw new InvalidDataException(
                $"The pretraining loss is {value} and its gradient norm {norm} after {optimizer.Steps} steps; lower the learning rate."
            );
        }

        optimizer.Clip(norm);
        optimizer.Step(rate);
        return value;
    }

    /// <summary>Inputs [B, T − 1], the flat places whose next token counts [N], and those next tokens [N].</summary>
    private static (Tensor Ids, Tensor Places, Tensor Targets) Collate(PretrainingRow[] rows)
    {
        int length = rows[0].Tokens.Length,
            width = length - 1;
        long[] ids = new long[rows.Length * width];
        List<long> places = [],
            targets = [];
        for (int r = 0; r < rows.Length; r++)
        {
            (int[] tokens, bool[] learn) = rows[r];
            if (tokens.Length != length || learn.Length != length)
            {
                throw new InvalidDataException(
                    $"A row of {tokens.Length} tokens and {learn.Length} marks among rows of {length}; all must be of one length."
                );
            }

            for (int t = 0; t < width; t++)
            {
                ids[r * width + t] = tokens[t];
                if (learn[t + 1])
                {
                    places.Add(r * width + t);
                    targets.Add(tokens[t + 1]);
                }
            }
        }

        return places.Count > 0
            ? (tensor(ids, [rows.Length, width]), tensor(places.ToArray()), tensor(targets.ToArray()))
            : throw new InvalidDataException("A batch of rows has no counted token.");
    }
}
