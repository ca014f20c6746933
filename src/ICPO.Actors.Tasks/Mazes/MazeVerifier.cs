using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Tasks.Mazes;

/// <summary>
/// Judges the task <c>maze</c> by following the path: each move must be into an open cell, and the last one must reach the goal. Any such
/// path is correct, or only the shortest ones.
/// </summary>
public sealed class MazeVerifier(MazeSettings settings) : IVerifier, IGoldReader
{
    private const string Separators = " \t\r\n,.;";

    public string Name => BuiltinVerifier.VerifierName;

    public GoldAnswer ReadGold(Question question)
    {
        ArgumentNullException.ThrowIfNull(question);
        bool isReadable = Maze.Parse(question.Text) is { } maze && maze.ShortestPath() is not null;
        return isReadable ? new(question.Answer) : new(null, "the question has no maze with a path from S to G");
    }

    public ValueTask<Judgment> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(response);
        return ValueTask.FromResult(Judge(question, response, finish));
    }

    private Judgment Judge(Question question, string response, FinishReason finish)
    {
        if (finish != FinishReason.Stop)
        {
            return Judgment.Unparseable("the response did not end");
        }

        if (Path(response) is not { Length: > 0 } path)
        {
            return Judgment.Unparseable(
                settings.Format == MazeFormat.Characters ? "not of the form moves, then ';'" : "not only moves U, D, L and R"
            );
        }

        Maze maze = Maze.Parse(question.Text)
            ?? throw new InvalidDataException($"The question {question.Id} has no maze; verification.verifier = builtin needs one.");
        (MazeWalkEnd end, int moves) = maze.Walk(path);
        int? shortest = settings.Reward == MazeReward.Shortest ? maze.ShortestPath()?.Length : null;
        return end switch
        {
            MazeWalkEnd.Goal when shortest is null || moves == shortest => Judgment.Correct(path),
            MazeWalkEnd.Goal => Judgment.Wrong(path, $"reaches the goal in {moves} moves, not in {shortest}"),
            MazeWalkEnd.Wall => Judgment.Wrong(path, $"move {moves} is into a wall"),
            MazeWalkEnd.PastGoal => Judgment.Wrong(path, $"continues after the goal, reached in {moves} moves"),
            _ => Judgment.Wrong(path, "does not end at the goal"),
        };
    }

    /// <summary>The moves of a response; null if it contains anything else.</summary>
    private string? Path(string response)
    {
        if (settings.Format == MazeFormat.Characters)
        {
            bool isPath = response.EndsWith(MazeText.End) && response[..^1].All(Maze.Moves.Contains);
            return isPath ? response[..^1] : null;
        }

        string moves = string.Concat(response.Where(c => !Separators.Contains(c)));
        return moves.All(Maze.Moves.Contains) ? moves : null;
    }
}
