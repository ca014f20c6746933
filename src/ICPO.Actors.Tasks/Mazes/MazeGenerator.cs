using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Tasks.Mazes;

/// <summary>
/// Draws mazes: rooms at the odd places, joined by a spanning tree of a depth-first walk, so that there is exactly one way between two
/// rooms, then further openings; start and goal are two rooms, uniformly. A pure function of the random stream.
/// </summary>
internal static class MazeGenerator
{
    /// <param name="size">Cells of a side, odd and at least 5.</param>
    /// <param name="loops">Probability of each remaining wall between two neighboring rooms to be opened.</param>
    /// <param name="random">The stream, which is advanced.</param>
    public static Maze Draw(int size, double loops, ref RandomStream random)
    {
        char[] cells = new char[size * size];
        Array.Fill(cells, Maze.Wall);
        int[] rooms = [.. from y in Rooms(size) from x in Rooms(size) select (y * size) + x];
        OpenTree(cells, size, rooms[random.NextInt(rooms.Length)], ref random);
        OpenLoops(cells, size, rooms, loops, ref random);
        random.Shuffle<int>(rooms);
        (cells[rooms[0]], cells[rooms[1]]) = (Maze.Start, Maze.Goal);
        return Maze.FromCells(new string(cells), size)
            ?? throw new InvalidOperationException($"A drawn maze of {size} cells a side is not a maze.");
    }

    private static IEnumerable<int> Rooms(int size) => Enumerable.Range(0, size / 2).Select(room => (2 * room) + 1);

    private static void OpenTree(char[] cells, int size, int first, ref RandomStream random)
    {
        Stack<int> way = new([first]);
        cells[first] = Maze.Open;
        Span<int> steps = [-size, size, -1, 1];
        while (way.TryPeek(out int room))
        {
            random.Shuffle(steps);
            int step = 0;
            foreach (int candidate in steps)
            {
                step = step == 0 && IsInside(room, 2 * candidate, size) && cells[room + (2 * candidate)] == Maze.Wall ? candidate : step;
            }

            if (step == 0)
            {
                way.Pop();
                continue;
            }

            cells[room + step] = Maze.Open;
            cells[room + (2 * step)] = Maze.Open;
            way.Push(room + (2 * step));
        }
    }

    private static void OpenLoops(char[] cells, int size, int[] rooms, double loops, ref RandomStream random)
    {
        foreach (int room in rooms)
        {
            foreach (int step in (ReadOnlySpan<int>)[1, size])
            {
                bool isOpened = loops > 0 && IsInside(room, 2 * step, size) && random.NextDouble() < loops;
                cells[room + step] = isOpened ? Maze.Open : cells[room + step];
            }
        }
    }

    /// <summary>True if a step of two cells in one direction stays within the border.</summary>
    private static bool IsInside(int cell, int step, int size)
    {
        int x = (cell % size) + (Math.Abs(step) == 2 ? step : 0);
        int y = (cell / size) + (Math.Abs(step) == 2 ? 0 : step / size);
        return x > 0 && x < size - 1 && y > 0 && y < size - 1;
    }
}
