namespace ICPO.Actors.Tasks.Arithmetic;

/// <summary>The required content of a rewarded answer.</summary>
public enum ArithmeticReward
{
    /// <summary>"answer is N" with the right N.</summary>
    Strict,

    /// <summary>As <see cref="Strict"/>; an answer without "answer is N" is judged by its last number.</summary>
    Lenient,
}

/// <summary>Which examples of the pool precede a question.</summary>
public enum ArithmeticDemonstrations
{
    /// <summary>Examples of the question's family, as retrieval would select; if there are too few, others too.</summary>
    SameFamily,

    /// <summary>A uniform draw from the whole pool (the paper's choice).</summary>
    Random,
}

/// <summary>Settings of the task <c>arithmetic</c>.</summary>
public sealed record ArithmeticSettings
{
    /// <summary>Maximum pool size, limited by the training questions of the smallest unlimited family.</summary>
    public const int MaxExamples = 800;

    public ArithmeticReward Reward { get; init; } = ArithmeticReward.Strict;

    /// <summary>Solved training questions, 1 to <see cref="MaxExamples"/>.</summary>
    public int Pool { get; init; } = 104;

    public ArithmeticDemonstrations Demonstrations { get; init; } = ArithmeticDemonstrations.SameFamily;
}
