using System.Globalization;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Modeling.Transformer;

namespace ICPO.Actors.Composition;

/// <summary>Estimates the peak memory of a run of the configured model before anything is loaded.</summary>
public static class MemoryEstimate
{
    /// <summary>
    /// One sentence for the learner and one for the engines, by the formulas of <see cref="TrainingMemory"/> (with full micro-batches) and
    /// <see cref="EngineMemory"/>. Only the shape is read from the model's files; where they are missing, the sentence says so.
    /// </summary>
    /// <exception cref="InvalidDataException">The model's configuration is malformed; names the file.</exception>
    public static IEnumerable<string> Describe(RunSettings settings)
    {
        string path = settings.Model.Path.Length > 0 ? settings.Model.Path : BundledModel.Path;
        if (!Path.Exists(path))
        {
            return [$"The model in {path} is missing, so memory is not estimated."];
        }

        DecoderConfig config = ModelSource.Open(path).Config;
        return [Learner(settings, config), Engines(settings, config)];
    }

    private static string Learner(RunSettings settings, DecoderConfig config)
    {
        if (settings.Model.Lora is not null)
        {
            return "The learner trains an adapter, which takes less memory than all weights would; it is not estimated.";
        }

        int tokens = settings.Learner.MicroBatchTokens;
        var memory = TrainingMemory.Estimate(config, settings.Learner, tokens, tokens, Math.Min(tokens, Context(settings, config)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The learner takes up to {Size(memory.Total)}: {Size(memory.State)} for {config.ParameterCount:N0} parameters, "
                + $"{Size(memory.Activations)} for activations of {tokens:N0} tokens at once, {Size(memory.Logits)} for logits."
        );
    }

    private static string Engines(RunSettings settings, DecoderConfig config)
    {
        // The evaluator has its own engine.
        int engines = settings.EngineCount + 1;
        var memory = EngineMemory.Estimate(config, settings.Engine, settings.Model.Device == "cpu", settings.Model.DType == "bfloat16");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Each of {engines} engines, the evaluator's included, takes up to {Size(memory.Total)}: {Size(memory.Weights)} for weights, "
                + $"{Size(memory.Cache)} for the cache of {settings.Engine.Slots} sequences of {Context(settings, config):N0} tokens."
        );
    }

    private static int Context(RunSettings settings, DecoderConfig config) =>
        settings.Engine.Context > 0 ? settings.Engine.Context : config.MaxPositionEmbeddings;

    private static string Size(long bytes) =>
        bytes >= 1_000_000_000
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F0} MB");
}
