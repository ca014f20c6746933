namespace ICPO.Actors.Tasks.Rewards;

/// <summary>The rewards of external verifiers: their range, and from which reward a response counts as correct.</summary>
public sealed record RewardScale
{
    /// <summary>Rewards are rounded to this many decimals, so that sums of parts that differ in their last bits are equal.</summary>
    private const int Decimals = 9;

    /// <summary>The lowest reward; it becomes 0.</summary>
    public double Minimum { get; init; }

    /// <summary>The highest reward; it becomes 1.</summary>
    public double Maximum { get; init; } = 1;

    /// <summary>The lowest reward that is Correct where the verifier gives no verdict.</summary>
    public double CorrectFrom { get; init; } = 1;

    /// <summary>Why the numbers do not fit each other; null if they do.</summary>
    public string? Problem() =>
        !double.IsFinite(Minimum) || !double.IsFinite(Maximum) || !(Minimum < Maximum)
            ? $"verification.rewards.minimum = {Minimum} must be less than verification.rewards.maximum = {Maximum}."
        : !(CorrectFrom > Minimum && CorrectFrom <= Maximum)
            ? $"verification.rewards.correct-from = {CorrectFrom} must be above minimum and at most maximum ({Minimum} to {Maximum})."
        : null;

    /// <summary>True if a number is a reward of this range.</summary>
    public bool Contains(double reward) => reward >= Minimum && reward <= Maximum;

    /// <summary>True if the reward counts as correct.</summary>
    public bool IsCorrect(double reward) => reward >= CorrectFrom - (1e-9 * (Maximum - Minimum));

    /// <summary>A reward of the range in [0, 1].</summary>
    public double Normalize(double reward) => Math.Clamp(Math.Round((reward - Minimum) / (Maximum - Minimum), Decimals), 0, 1);
}
