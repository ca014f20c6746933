namespace ICPO.Actors.Tasks.Mazes;

/// <summary>The end of a path through a maze.</summary>
public enum MazeWalkEnd
{
    /// <summary>Every move is into an open cell, and the last one reaches the goal for the first time.</summary>
    Goal,

    /// <summary>The path ends in another cell.</summary>
    Elsewhere,

    /// <summary>A move is into a wall.</summary>
    Wall,

    /// <summary>There are moves after the goal was reached.</summary>
    PastGoal,
}

/// <summary>
/// A square maze as text: walls <c>#</c>, open cells <c>.</c>, start <c>S</c> and goal <c>G</c>, one line per row. Its border is wall. A
/// path is a text of the moves <c>U</c>, <c>D</c>, <c>L</c> and <c>R</c>, one cell each.
/// </summary>
public sealed class Maze
{
    public const char Wall = '#',
        Open = '.',
        Start = 'S',
        Goal = 'G';

    /// <summary>The moves, in the order in which the shortest path prefers them.</summary>
    public const string Moves = "UDLR";

    private readonly string _cells;

    private Maze(string cells, int size)
    {
        (_cells, Size) = (cells, size);
        (StartCell, GoalCell) = (cells.IndexOf(Start), cells.IndexOf(Goal));
    }

    /// <summary>Cells of a side, walls included.</summary>
    public int Size { get; }

    /// <summary>The place of the start in the rows one after the other.</summary>
    public int StartCell { get; }

    /// <summary>The place of the goal in the rows one after the other.</summary>
    public int GoalCell { get; }

    /// <summary>The rows, each ended by a newline.</summary>
    public string Text => string.Concat(_cells.Chunk(Size).Select(row => new string(row) + "\n"));

    /// <summary>Finds a maze in a text: its lines of the characters of mazes.</summary>
    /// <returns>Null if these lines are not a square with a border of walls, one start and one goal.</returns>
    public static Maze? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] rows = [.. text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0 && line.All(IsCell))];
        bool isSquare = rows.Length >= 3 && rows.All(row => row.Length == rows.Length);
        return isSquare ? FromCells(string.Concat(rows), rows.Length) : null;
    }

    /// <returns>Null if the border has an open cell, or start and goal are not there once each.</returns>
    internal static Maze? FromCells(string cells, int size)
    {
        bool isClosed = Enumerable
            .Range(0, size)
            .SelectMany(i => new[] { i, ((size - 1) * size) + i, i * size, (i * size) + size - 1 })
            .All(border => cells[border] == Wall);
        return isClosed && cells.Count(c => c == Start) == 1 && cells.Count(c => c == Goal) == 1 ? new Maze(cells, size) : null;
    }

    /// <summary>Follows a path from the start.</summary>
    /// <param name="path">Moves; other characters are not allowed.</param>
    /// <returns>How it ends, and the number of moves until then.</returns>
    /// <exception cref="ArgumentException">The path has another character.</exception>
    public (MazeWalkEnd End, int Moves) Walk(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        int cell = StartCell;
        foreach ((int index, char move) in path.Index())
        {
            if (cell == GoalCell)
            {
                return (MazeWalkEnd.PastGoal, index);
            }

            cell += Step(move);
            if (_cells[cell] == Wall)
            {
                return (MazeWalkEnd.Wall, index + 1);
            }
        }

        return (cell == GoalCell ? MazeWalkEnd.Goal : MazeWalkEnd.Elsewhere, path.Length);
    }

    /// <summary>A shortest path from the start to the goal, always the same one; null if there is none.</summary>
    public string? ShortestPath()
    {
        // From the goal, so that the moves are read off in their order.
        int[] distances = Distances(GoalCell);
        if (distances[StartCell] < 0)
        {
            return null;
        }

        char[] path = new char[distances[StartCell]];
        int cell = StartCell;
        foreach (ref char move in path.AsSpan())
        {
            int wanted = distances[cell] - 1;
            int at = cell;
            move = Moves.First(next => distances[at + Step(next)] == wanted);
            cell += Step(move);
        }

        return new string(path);
    }

    /// <summary>Moves from every cell to one; −1 for walls and cells without a path.</summary>
    private int[] Distances(int to)
    {
        int[] distances = new int[_cells.Length];
        Array.Fill(distances, -1);
        distances[to] = 0;
        Queue<int> border = new([to]);
        while (border.TryDequeue(out int cell))
        {
            foreach (int next in Moves.Select(move => cell + Step(move)).Where(next => _cells[next] != Wall && distances[next] < 0))
            {
                distances[next] = distances[cell] + 1;
                border.Enqueue(next);
            }
        }

        return distances;
    }

    private int Step(char move) =>
        move switch
        {
            'U' => -Size,
            'D' => Size,
            'L' => -1,
            'R' => 1,
            _ => throw new ArgumentException($"'{move}' is not a move of a maze; its moves are {string.Join(", ", Moves.ToCharArray())}."),
        };

    private static bool IsCell(char c) => c is Wall or Open or Start or Goal;
}
