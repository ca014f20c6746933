namespace ICPO.Actors.Tasks.Mazes;

/// <summary>The texts of questions and answers, and the characters of the format <see cref="MazeFormat.Characters"/>.</summary>
public static class MazeText
{
    /// <summary>Ends a question in characters.</summary>
    public const char Ask = '=';

    /// <summary>Ends an answer in characters.</summary>
    public const char End = ';';

    /// <summary>Every character of a question or an answer in characters, one token each.</summary>
    public const string Characters = "#.SG\nUDLR=;";

    private const string Instruction =
        "This is a maze: # is a wall, . is open, S is the start and G is the goal. Write a path from S to G as a sequence of the letters "
        + "U (up), D (down), L (left) and R (right), one letter per cell.\n\n";

    public static string Question(Maze maze, MazeFormat format)
    {
        ArgumentNullException.ThrowIfNull(maze);
        return format == MazeFormat.Characters ? maze.Text + Ask : Instruction + maze.Text.TrimEnd('\n');
    }

    /// <summary>The path as the model would have to write it.</summary>
    public static string Answer(string path, MazeFormat format) => format == MazeFormat.Characters ? path + End : path;
}
