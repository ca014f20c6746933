namespace ICPO.Actors.Tasks.Arithmetic;

/// <summary>What an answer must hold to be rewarded.</summary>
public enum ArithmeticReward
{
    /// <summary>"answer is N" with the right N.</summary>
    Strict,

    /// <summary>As <see cref="Strict"/>; an answer without "answer is N" is judged by its last number.</summary>
    Lenient,
}

/// <summary>Which examples of the pool stand before a question.</summary>
public enum ArithmeticDemonstrations
{
    /// <summary>Examples of the question's own family, as retrieval would give; where they do not suffice, others too.</summary>
    SameFamily,

    /// <summary>A uniform draw from the whole pool (the paper's choice).</summary>
    Random,
}

/// <summary>The task <c>arithmetic</c>.</summary>
public sealed record ArithmeticSettings
{
    /// <summary>The largest pool: there are no more training questions of the smallest unlimited family.</summary>
    public const int MostExamples = 800;

    public ArithmeticReward Reward { get; init; } = ArithmeticReward.Strict;

    /// <summary>Solved training questions, 1 to <see cref="MostExamples"/>.</summary>
    public int Pool { get; init; } = 104;

    public ArithmeticDemonstrations Demonstrations { get; init; } = ArithmeticDemonstrations.SameFamily;
}
