using System.Globalization;
using ICPO.Actors.Modeling;

namespace ICPO.Actors;

/// <summary>What training of the model that configuration names takes at its peak, before anything is loaded.</summary>
public static class TrainingEstimate
{
    /// <summary>
    /// One sentence, by the formula of <see cref="TrainingMemory"/> with full micro-batches: the model's files are asked for its shape alone. An
    /// adapter's training, which the formula is not of, and a model that is not there are told instead.
    /// </summary>
    /// <exception cref="InvalidDataException">The model's configuration is malformed; names the file.</exception>
    public static string Of(RunSettings settings)
    {
        string path = settings.Model.Path.Length > 0 ? settings.Model.Path : RunPlans.BundledModel;
        if (!Path.Exists(path))
        {
            return $"The model in {path} is not there, so what its training takes is not estimated.";
        }

        if (settings.Model.Lora is not null)
        {
            return "An adapter is trained; what that takes is not estimated, it is less than for all weights.";
        }

        DecoderConfig config = ModelSource.Open(path).Config;
        int tokens = settings.Learner.MicroBatchTokens, context = settings.Engine.Context > 0 ? settings.Engine.Context : config.MaxPositionEmbeddings;
        TrainingMemory memory = TrainingMemory.Estimate(config, settings.Learner, tokens, tokens, Math.Min(tokens, context));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Training its {TrainingMemory.Parameters(config):N0} parameters takes up to {Size(memory.Total)}: {Size(memory.State)} of weights and moments, {Size(memory.Activations)} of activations of {tokens:N0} tokens at once, {Size(memory.Logits)} of logits. Engines and the runtime come on top.");
    }

    private static string Size(long bytes) =>
        bytes >= 1_000_000_000 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB") : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F0} MB");
}
