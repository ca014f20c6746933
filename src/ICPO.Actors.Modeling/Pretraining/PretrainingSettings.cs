using ICPO.Actors.Modeling.Training;

namespace ICPO.Actors.Modeling.Pretraining;

/// <summary>One row of a fixed length.</summary>
/// <param name="Tokens">Token ids [T].</param>
/// <param name="Learn">Whether the loss counts predicting <c>Tokens[i]</c> from those before it [T]; the first is never counted.</param>
public sealed record PretrainingRow(int[] Tokens, bool[] Learn);

/// <summary>A phase of pretraining whose rate falls by a cosine from <paramref name="LearningRate"/> to 0.</summary>
/// <param name="Rows">Where rows come from, all of one length; at least as many as the tokens need.</param>
/// <param name="Tokens">How many tokens to read, rounded down to whole batches.</param>
/// <param name="LearningRate">Peak rate.</param>
public sealed record PretrainingPhase(IEnumerable<PretrainingRow> Rows, long Tokens, double LearningRate);

/// <summary>How the base model is made.</summary>
public sealed record PretrainingSettings
{
    public int BatchRows { get; init; } = 24;

    public ulong Seed { get; init; } = 1;

    /// <summary>Torch's intra-op threads; more than one only where nothing else runs.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>AdamW's constants; the rate and its schedule are the phases'.</summary>
    public OptimizerSettings Optimizer { get; init; } =
        new()
        {
            Beta1 = 0.9,
            Beta2 = 0.98,
            WeightDecay = 0.05,
            GradientClip = 1,
        };
}

/// <summary>Progress report after each step.</summary>
/// <param name="Phase">From 0.</param>
/// <param name="Tokens">Read so far, all phases.</param>
/// <param name="TotalTokens">Of all phases.</param>
/// <param name="Loss">Mean over this batch's counted tokens, in nats.</param>
/// <param name="LearningRate">The learning rate of this step.</param>
/// <param name="TokensPerSecond">Since the start.</param>
public sealed record PretrainingProgress(
    int Phase,
    long Tokens,
    long TotalTokens,
    double Loss,
    double LearningRate,
    double TokensPerSecond
);
