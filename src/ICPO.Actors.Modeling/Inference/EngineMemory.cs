using ICPO.Actors.Modeling.Transformer;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>
/// What an engine holds, in bytes:
/// <code>
/// weights  P · (4 in float32, 2 in bfloat16)
/// second   as weights, where new weights are loaded beside those in use
/// cache    (slots + 1) · context · L · 2 · KV · D · (4 on the CPU, whatever the dtype; elsewhere as weights)
/// </code>
/// P parameters, L layers, KV key/value heads of D numbers. The cache is allocated at the start; on the CPU the system gives memory to what
/// is touched alone.
/// </summary>
public sealed record EngineMemory(long Weights, long Cache)
{
    /// <summary>The second set of weights; 0 without.</summary>
    public long Second { get; init; }

    public long Total => Weights + Second + Cache;

    /// <param name="config">The model.</param>
    /// <param name="settings">The engine's size; <see cref="SwapMode.Auto"/> counts as <see cref="SwapMode.Pause"/>.</param>
    /// <param name="onCpu">Whether it computes on the CPU.</param>
    /// <param name="half">Whether its dtype is bfloat16.</param>
    public static EngineMemory Estimate(DecoderConfig config, EngineSettings settings, bool onCpu, bool half)
    {
        long size = half ? 2 : 4,
            context = settings.Context > 0 ? settings.Context : config.MaxPositionEmbeddings;
        long position = 2L * config.NumHiddenLayers * config.NumKeyValueHeads * config.HeadDim;
        long weights = config.ParameterCount * size;
        return new(weights, (settings.Slots + 1) * context * position * (onCpu ? 4 : size))
        {
            Second = settings.Swap == SwapMode.Beside ? weights : 0,
        };
    }
}
