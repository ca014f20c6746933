using ICPO.Actors.Modeling.Pretraining;
using ICPO.Actors.Modeling.Transformer;

namespace ICPO.Actors.Host.Pretraining;

/// <summary>Trains a new model and reports the progress now and then.</summary>
internal static class PretrainingLoop
{
    private const int LastSteps = 50;

    /// <param name="config">The architecture.</param>
    /// <param name="seed">Seed of the weights.</param>
    /// <param name="phases">Rows, tokens and rates.</param>
    /// <param name="progress">Called periodically on this thread.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    /// <returns>The model, its training tokens, and the mean loss of the last steps.</returns>
    public static (Decoder Decoder, long Tokens, double Loss) Train(
        DecoderConfig config,
        ulong seed,
        PretrainingPhase[] phases,
        Action<BaseModelProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        Queue<double> losses = [];
        long tokens = 0,
            steps = 0;
        Decoder decoder = Pretrainer.Train(config, new PretrainingSettings { Seed = seed }, phases, Report, cancellationToken);
        return (decoder, tokens, losses.Average());

        void Report(PretrainingProgress step)
        {
            tokens = step.Tokens;
            losses.Enqueue(step.Loss);
            if (losses.Count > LastSteps)
            {
                losses.Dequeue();
            }

            if (steps++ % LastSteps == 0 || step.Tokens == step.TotalTokens)
            {
                progress?.Invoke(
                    new(step.Tokens, step.TotalTokens, step.Loss, step.TokensPerSecond, $"Phase {step.Phase + 1} of {phases.Length}.")
                );
            }
        }
    }
}
