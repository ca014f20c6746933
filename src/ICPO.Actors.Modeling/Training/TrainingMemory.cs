using ICPO.Actors.Modeling.Transformer;

namespace ICPO.Actors.Modeling.Training;

/// <summary>
/// What training holds at its peak, in bytes:
/// <code>
/// state        P · (4 weights + 4 gradients + 8 moments + 2 where products are bfloat16)
///              P · (4 or 6) more where a KL coefficient needs the base model beside it
///              P · (4 or 6) + A · 16 where an adapter of A parameters is trained instead of the weights
/// activations  N · (L·a + d·16)                  without gradient checkpointing
///              N · (L·4d + 2a + d·16)            with it: every layer's input, and one layer at a time with its gradients
/// a            float32:  36d + 28q + 16k + 20f + 4·H·T     (d hidden, q = H·D, k = 2·KV·D, f feed-forward, T longest row)
///              bfloat16: 34d + 16q + 12k + 10f + 2·H·T
/// logits       min(n, C) · V · (16 in float32, 2 in bfloat16) + V·d·(8 or 6), gradients of embedding and output matrix
/// </code>
/// P parameters, L layers, N padded tokens and n response tokens of a micro-batch, C the chunk of logits, V the vocabulary. The runtime and
/// libtorch themselves (about 200 MB) and freed memory that the allocator keeps are not included; docs/results/engine.md
/// compares it with measured peaks.
/// </summary>
/// <param name="State">Weights, gradients, moments, working weights and reference weights.</param>
/// <param name="Activations">Memory of the backward pass of the largest micro-batch.</param>
/// <param name="Logits">Logits of one chunk and their intermediate results.</param>
public sealed record TrainingMemory(long State, long Activations, long Logits)
{
    /// <summary>256 MiB of float32.</summary>
    private const int AutomaticLogits = 1 << 26;

    public long Total => State + Activations + Logits;

    /// <param name="config">The model.</param>
    /// <param name="settings">How it trains.</param>
    /// <param name="tokens">Padded tokens of the largest micro-batch.</param>
    /// <param name="responseTokens">Response tokens of it.</param>
    /// <param name="longest">Tokens of its longest sequence.</param>
    /// <param name="adapter">Parameters of the adapter that is trained; null trains all weights.</param>
    public static TrainingMemory Estimate(
        DecoderConfig config,
        LearnerSettings settings,
        long tokens,
        long responseTokens,
        long longest,
        long? adapter = null
    )
    {
        bool half = settings.MixedPrecision;
        long hidden = config.HiddenSize,
            query = (long)config.NumAttentionHeads * config.HeadDim,
            pair = 2L * config.NumKeyValueHeads * config.HeadDim;
        long scores = config.NumAttentionHeads * longest;
        long layer = half
            ? (34 * hidden) + (16 * query) + (12 * pair) + (10L * config.IntermediateSize) + (2 * scores)
            : (36 * hidden) + (28 * query) + (16 * pair) + (20L * config.IntermediateSize) + (4 * scores);
        long layers = settings.GradientCheckpointing ? (4 * hidden * config.NumHiddenLayers) + (2 * layer) : layer * config.NumHiddenLayers;
        long chunk = Math.Min(responseTokens, LogitsChunk(settings, config.VocabSize));
        long reference =
            settings.Objective.KlCoefficient == 0 ? 0
            : half ? 6
            : 4;
        return new(
            adapter is { } trained
                ? (config.ParameterCount * (half ? 6 : 4)) + (trained * 16)
                : config.ParameterCount * ((half ? 18 : 16) + reference),
            tokens * (layers + (16 * hidden)),
            (chunk * config.VocabSize * (half ? 2 : 16)) + ((long)config.VocabSize * hidden * (half ? 6 : 8))
        );
    }

    /// <summary>Response tokens whose logits are held at once.</summary>
    public static int LogitsChunk(LearnerSettings settings, int vocabulary) =>
        settings.LogitsChunk > 0 ? settings.LogitsChunk : Math.Max(1, AutomaticLogits / vocabulary);
}
