using System.Globalization;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Lora;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Modeling.Transformer;

namespace ICPO.Actors.Composition;

/// <summary>Estimates the peak memory of a run of the configured model before anything is loaded.</summary>
public static class MemoryEstimate
{
    /// <summary>By the formulas of <see cref="TrainingMemory"/> (with full micro-batches) and <see cref="EngineMemory"/>.</summary>
    /// <returns>Null if the model's files are missing; only its shape is read from them.</returns>
    /// <exception cref="InvalidDataException">The model's configuration is malformed; names the file.</exception>
    public static MemoryNeed? Of(RunSettings settings) =>
        Path.Exists(ConfiguredTask.ModelPath(settings)) ? Of(settings, ModelSource.Open(ConfiguredTask.ModelPath(settings)).Config) : null;

    /// <summary>One sentence for the learner and one for the engines; if the model's files are missing, the sentence states that.</summary>
    /// <exception cref="InvalidDataException">The model's configuration is malformed; names the file.</exception>
    public static IEnumerable<string> Describe(RunSettings settings)
    {
        string path = ConfiguredTask.ModelPath(settings);
        if (!Path.Exists(path))
        {
            return [$"The model in {path} is missing, so memory is not estimated."];
        }

        settings = SwapChoice.Decide(settings, MachineMemory.Read()).Settings;
        DecoderConfig config = ModelSource.Open(path).Config;
        MemoryNeed need = Of(settings, config);
        return
        [
            Learner(settings, config, need.Learner),
            Engines(settings, config, need),
            .. MemoryCheck.Problem(settings, MachineMemory.Read()) is { } problem ? [problem] : Array.Empty<string>(),
        ];
    }

    internal static string Size(long bytes) =>
        bytes >= 1_000_000_000
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F0} MB");

    private static MemoryNeed Of(RunSettings settings, DecoderConfig config)
    {
        int tokens = settings.Learner.MicroBatchTokens;
        long longest = Math.Min(tokens, Context(settings, config));
        long? adapter = settings.Model.Lora is { } lora ? LoraAdapter.CountParameters(config, lora) : null;
        return new(
            TrainingMemory.Estimate(config, settings.Learner, tokens, tokens, longest, adapter),
            EngineMemory.Estimate(config, settings.Engine, settings.Model.Device == "cpu", settings.Model.DType == "bfloat16"),
            settings.EngineCount + 1 // the evaluator has its own
        );
    }

    private static string Learner(RunSettings settings, DecoderConfig config, TrainingMemory memory)
    {
        string trained = settings.Model.Lora is null ? "" : " and an adapter";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The learner takes up to {Size(memory.Total)}: {Size(memory.State)} for {config.ParameterCount:N0} parameters{trained}, "
                + $"{Size(memory.Activations)} for activations of {settings.Learner.MicroBatchTokens:N0} tokens at once, "
                + $"{Size(memory.Logits)} for logits."
        );
    }

    private static string Engines(RunSettings settings, DecoderConfig config, MemoryNeed need) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Each of {need.Engines} engines, the evaluator's included, takes up to {Size(need.Engine.Total)}: "
                + $"{Size(need.Engine.Weights + need.Engine.Second)} for {(need.Engine.Second > 0 ? "two sets of " : "")}weights, "
                + $"{Size(need.Engine.Cache)} for the cache of {settings.Engine.Slots} sequences "
                + $"of {Context(settings, config):N0} tokens."
        );

    private static int Context(RunSettings settings, DecoderConfig config) =>
        settings.Engine.Context > 0 ? settings.Engine.Context : config.MaxPositionEmbeddings;
}
