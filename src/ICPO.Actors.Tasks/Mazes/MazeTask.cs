using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Prompts;
using ICPO.Actors.Tasks.Registration;

namespace ICPO.Actors.Tasks.Mazes;

/// <summary>
/// The built-in task <c>maze</c>: a path through a drawn maze, judged by following it. A fifth of all mazes is held out by a hash of the
/// maze: the split is part of the task, not of a run's seed.
/// </summary>
public sealed class MazeTask : ITask
{
    /// <summary>The name in configuration.</summary>
    public const string TaskName = "maze";

    public static TaskDescriptor<MazeSettings> Descriptor { get; } =
        new(TaskName, (settings, prompts) => new MazeTask(settings, prompts)) { CreateVerifier = settings => new MazeVerifier(settings) };

    private const ulong SplitSeed = 0x5EED_0005;
    private const ulong PoolSeed = 0x5EED_0006;
    private const double HeldOutShare = 0.2;
    private const string EndOfLine = "\n";

    /// <summary>Draws per wanted maze before the different ones count as exhausted; small mazes are few.</summary>
    private const int MaxDraws = 100;

    private readonly MazeSettings _settings;
    private readonly QuestionPrompts? _prompts;

    /// <param name="settings">Null takes the defaults.</param>
    /// <param name="prompts">How questions in natural language are put; null is plain text.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="InvalidDataException">Prompts are to be chats, but the model has no chat template.</exception>
    public MazeTask(MazeSettings? settings = null, PromptSource? prompts = null)
    {
        _settings = Checked(settings ?? new());
        _prompts = _settings.Format == MazeFormat.Language ? QuestionPrompts.Create(prompts ?? PromptSource.Plain) : null;
        StopStrings = _prompts?.StopStrings([EndOfLine]) ?? [MazeText.End.ToString()];
        MaxTokens = ResponseLimit(_settings);
        Pool = [.. Distinct(PoolSeed, _settings.Pool, isHeldOut: false).Select(Solve)];
    }

    public string Name => TaskName;

    public ImmutableArray<Demonstration> Pool { get; }

    public ImmutableArray<string> StopStrings { get; }

    public int MaxTokens { get; }

    bool ITask.UsesChatTemplate => _prompts?.AsksChats ?? false;

    /// <inheritdoc/>
    public ImmutableArray<string> Notes => _prompts?.Notes ?? [];

    /// <summary>The longest shortest path, one token per move, and its end; in natural language a few more.</summary>
    public static int ResponseLimit(MazeSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.MaxMoves + (settings.Format == MazeFormat.Characters ? 1 : 16);
    }

    /// <summary>A drawn maze that is not held out.</summary>
    public Question Train(ulong seed, long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var random = new RandomStream(Seed.Derive(Seed.Derive(seed, "maze/train"), (ulong)index));
        while (true)
        {
            Maze maze = MazeGenerator.Draw(_settings.Size, _settings.Loops, ref random);
            if (!IsHeldOut(maze))
            {
                return Ask(maze);
            }
        }
    }

    /// <summary>Different held-out mazes; fewer if there are not as many of the size.</summary>
    public ImmutableArray<Question> HeldOut(ulong seed, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return [.. Distinct(Seed.Derive(seed, "maze/held-out"), count, isHeldOut: true).Select(Ask)];
    }

    /// <summary>A uniform draw without replacement, first from the mazes with paths of about the same length if so configured.</summary>
    public ImmutableArray<Demonstration> Demonstrate(Question question, ulong seed, int count)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        string? length = _settings.Demonstrations == MazeDemonstrations.SameLength ? question.Tags.GetValueOrDefault(Tag) : null;
        Demonstration[] examples = [.. Pool.Where(example => example.Question != question.Text)];
        new RandomStream(Seed.Derive(seed, "maze/demonstrations")).Shuffle<Demonstration>(examples);
        return [.. examples.OrderBy(example => length is not null && example.Tags[Tag] != length).Take(count)];
    }

    /// <summary>In characters, examples and question in sequence.</summary>
    public string Prompt(string question, ImmutableArray<Demonstration> demonstrations) =>
        _prompts?.Prompt(question, demonstrations) ?? string.Concat(demonstrations.Select(d => d.Question + d.Solution).Append(question));

    public string Response(Demonstration demonstration)
    {
        ArgumentNullException.ThrowIfNull(demonstration);
        return _prompts?.Response(demonstration, EndOfLine) ?? demonstration.Solution;
    }

    /// <summary>True if a maze is never in training or a pool.</summary>
    public static bool IsHeldOut(Maze maze)
    {
        ArgumentNullException.ThrowIfNull(maze);
        return new RandomStream(Seed.Derive(SplitSeed, maze.Text)).NextDouble() < HeldOutShare;
    }

    /// <summary>Bounds of the number of moves of the shortest path: at most 8, 16, 32, …, with leading zeros.</summary>
    private const string Tag = "moves";

    private static MazeSettings Checked(MazeSettings settings)
    {
        bool isSize = settings.Size is >= MazeSettings.MinSize and <= MazeSettings.MaxSize && int.IsOddInteger(settings.Size);
        bool isPool = settings.Pool is >= 1 and <= MazeSettings.MaxPool;
        return isSize && isPool && settings.Loops is >= 0 and <= 1
            ? settings
            : throw new ArgumentException(
                $"A maze of size {settings.Size} with loops {settings.Loops} and a pool of {settings.Pool} is not possible; the size is "
                    + $"odd, from {MazeSettings.MinSize} to {MazeSettings.MaxSize}, loops from 0 to 1, and the pool from 1 to "
                    + $"{MazeSettings.MaxPool}.",
                nameof(settings)
            );
    }

    private List<Maze> Distinct(ulong seed, int count, bool isHeldOut)
    {
        var random = new RandomStream(seed);
        HashSet<string> drawn = new(StringComparer.Ordinal);
        List<Maze> mazes = [];
        for (long draws = 0; mazes.Count < count && draws < (long)MaxDraws * count; draws++)
        {
            Maze maze = MazeGenerator.Draw(_settings.Size, _settings.Loops, ref random);
            if (IsHeldOut(maze) == isHeldOut && drawn.Add(maze.Text))
            {
                mazes.Add(maze);
            }
        }

        return mazes;
    }

    private Question Ask(Maze maze)
    {
        string path = Path(maze);
        return new()
        {
            Id = Id(maze),
            Text = MazeText.Question(maze, _settings.Format),
            Answer = MazeText.Answer(path, _settings.Format),
            Tags = Tags(path),
        };
    }

    private Demonstration Solve(Maze maze)
    {
        string path = Path(maze);
        return new()
        {
            Id = Id(maze),
            Question = MazeText.Question(maze, _settings.Format),
            Solution = MazeText.Answer(path, _settings.Format),
            Tags = Tags(path),
        };
    }

    private static string Path(Maze maze) =>
        maze.ShortestPath() ?? throw new InvalidOperationException("A drawn maze has no path from its start to its goal.");

    /// <summary>A hash of the maze: its text is long and has newlines.</summary>
    private static string Id(Maze maze) => $"maze-{Seed.Derive(SplitSeed, maze.Text):x16}";

    private static ImmutableSortedDictionary<string, string> Tags(string path)
    {
        int bound = 8;
        while (bound < path.Length)
        {
            bound *= 2;
        }

        return ImmutableSortedDictionary<string, string>.Empty.Add(Tag, bound.ToString("D4"));
    }
}
