namespace ICPO.Actors.Tasks.Mazes;

/// <summary>The paths that get a reward.</summary>
public enum MazeReward
{
    /// <summary>Every path whose last move reaches the goal.</summary>
    Valid,

    /// <summary>Paths of the smallest number of moves.</summary>
    Shortest,
}

/// <summary>How a maze is put to the model.</summary>
public enum MazeFormat
{
    /// <summary>The maze and <c>=</c>; the answer is the moves and <c>;</c>. For models that are trained on this format.</summary>
    Characters,

    /// <summary>A question in natural language, by the model's chat template if it has one; the answer ends with the line.</summary>
    Language,
}

/// <summary>Which examples of the pool precede a question.</summary>
public enum MazeDemonstrations
{
    /// <summary>Mazes whose shortest path is of about the same length.</summary>
    SameLength,

    /// <summary>A uniform draw from the whole pool.</summary>
    Random,
}

/// <summary>Settings of the task <c>maze</c>.</summary>
public sealed record MazeSettings
{
    public const int MinSize = 5,
        MaxSize = 65,
        MaxPool = 10_000;

    /// <summary>Cells of a side, walls included; odd.</summary>
    public int Size { get; init; } = 9;

    /// <summary>Probability of each remaining wall between two neighboring rooms to be opened, in [0, 1]; 0 leaves one way.</summary>
    public double Loops { get; init; }

    public MazeReward Reward { get; init; } = MazeReward.Valid;

    public MazeFormat Format { get; init; } = MazeFormat.Characters;

    /// <summary>Solved training mazes, 1 to <see cref="MaxPool"/>; fewer if there are not as many different ones.</summary>
    public int Pool { get; init; } = 400;

    public MazeDemonstrations Demonstrations { get; init; } = MazeDemonstrations.SameLength;

    /// <summary>The most moves of a shortest path: one less than the rooms, of two cells each.</summary>
    internal int MaxMoves => 2 * ((Size / 2 * (Size / 2)) - 1);
}
