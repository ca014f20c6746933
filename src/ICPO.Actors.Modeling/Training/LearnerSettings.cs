using ICPO.Actors.Modeling.Objective;

namespace ICPO.Actors.Modeling.Training;

/// <summary>Learning-rate shape after the warm-up.</summary>
public enum LearningRateSchedule
{
    Constant,
    Linear,
    Cosine,
}

/// <summary>AdamW and its schedule.</summary>
public sealed record OptimizerSettings
{
    public double LearningRate { get; init; } = 3e-4;

    public double Beta1 { get; init; } = 0.9;

    public double Beta2 { get; init; } = 0.95;

    public double Epsilon { get; init; } = 1e-8;

    public double WeightDecay { get; init; }

    /// <summary>Global gradient norm is clipped to this; null is off.</summary>
    public double? GradientClip { get; init; } = 1;

    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>Updates over which the rate rises from 0.</summary>
    public int WarmupUpdates { get; init; }

    /// <summary>Least rate of the falling schedules, as a share of <see cref="LearningRate"/>.</summary>
    public double MinimumShare { get; init; } = 0.1;

    /// <summary>T, the updates the falling schedules end at.</summary>
    public int TotalUpdates { get; init; } = 150;
}

/// <summary>How an update is computed.</summary>
public sealed record LearnerSettings
{
    /// <summary>Padded tokens in one forward and backward pass.</summary>
    public int MicroBatchTokens { get; init; } = 8192;

    /// <summary>Optimizer steps per update; the batch is cut into this many parts by group.</summary>
    public int MiniBatches { get; init; } = 1;

    /// <summary>The sampler's temperature, so that π and μ are of the same softmax.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Torch's intra-op threads on the learner's thread.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Multiplies in bfloat16 over float32 weights.</summary>
    public bool MixedPrecision { get; init; }

    /// <summary>
    /// Keeps only each layer's input for the backward pass, which computes the layers again: about a third more time, far less memory.
    /// </summary>
    public bool GradientCheckpointing { get; init; }

    /// <summary>Response tokens whose logits are held at once; 0 is as many as 256 MiB of float32 hold.</summary>
    public int LogitsChunk { get; init; }

    public ObjectiveSettings Objective { get; init; } = new();

    public OptimizerSettings Optimizer { get; init; } = new();
}
