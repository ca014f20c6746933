using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Tasks.Mazes;

namespace ICPO.Actors.Tasks.Tests.Mazes;

/// <summary>Mazes as text, and paths through them.</summary>
public sealed class MazeTests
{
    private const string Small = """
        #######
        #S#...#
        #.#.#.#
        #...#.#
        #.###.#
        #....G#
        #######

        """;

    [Fact]
    public void A_maze_is_read_from_the_lines_of_a_text_and_written_back()
    {
        Maze maze = Maze.Parse($"Find the way:\n\n{Small}\nAnswer with moves.")!;
        Assert.Equal((7, 8, 40), (maze.Size, maze.StartCell, maze.GoalCell));
        Assert.Equal(Small, maze.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("###\n#S#\n###")]
    [InlineData("####\n#SG#\n####")]
    [InlineData("####\n#SG.\n#..#\n####")]
    [InlineData("####\n#SG#\n#.S#\n####")]
    [InlineData("####\n#SG#\n#.#\n####")]
    [InlineData("no maze")]
    public void A_text_without_a_closed_square_of_one_start_and_one_goal_is_no_maze(string text) => Assert.Null(Maze.Parse(text));

    [Theory]
    [InlineData("DDDDRRRR", MazeWalkEnd.Goal, 8)]
    [InlineData("DDRRUURRDDDD", MazeWalkEnd.Goal, 12)]
    [InlineData("DUDDDDRRRR", MazeWalkEnd.Goal, 10)]
    [InlineData("R", MazeWalkEnd.Wall, 1)]
    [InlineData("DDDRR", MazeWalkEnd.Wall, 4)]
    [InlineData("U", MazeWalkEnd.Wall, 1)]
    [InlineData("DDDDRRR", MazeWalkEnd.Elsewhere, 7)]
    [InlineData("", MazeWalkEnd.Elsewhere, 0)]
    [InlineData("DDDDRRRRL", MazeWalkEnd.PastGoal, 8)]
    [InlineData("DDDDRRRRLR", MazeWalkEnd.PastGoal, 8)]
    public void A_path_ends_where_its_moves_lead(string path, MazeWalkEnd end, int moves) =>
        Assert.Equal((end, moves), Maze.Parse(Small)!.Walk(path));

    [Fact]
    public void The_shortest_path_is_the_shorter_of_two_ways_and_null_without_a_way()
    {
        Assert.Equal("DDDDRRRR", Maze.Parse(Small)!.ShortestPath());
        Assert.Equal("DDRRUURRDDDD", Maze.Parse(Small.Replace("#....G#", "#..#.G#", StringComparison.Ordinal))!.ShortestPath());
        Assert.Null(Maze.Parse("#####\n#S#.#\n#####\n#.#G#\n#####")!.ShortestPath());
    }

    [Fact]
    public void Another_character_is_not_a_move() => Assert.Throws<ArgumentException>(() => Maze.Parse(Small)!.Walk("DX"));

    [Fact]
    public void A_drawn_maze_without_loops_has_one_way_between_any_two_rooms() =>
        Gen.Select(Gen.ULong, Gen.Int[2, 10])
            .Sample(
                (seed, rooms) =>
                {
                    Maze maze = Draw(seed, (2 * rooms) + 1, 0);

                    // A tree: all rooms are connected by one passage less than there are rooms.
                    int open = maze.Text.Count(c => c is Maze.Open or Maze.Start or Maze.Goal);
                    Assert.Equal((2 * rooms * rooms) - 1, open);
                    Assert.Equal(open, Reached(maze));
                }
            );

    [Fact]
    public void Loops_only_open_walls_between_rooms_and_all_of_them_at_1() =>
        Gen.Select(Gen.ULong, Gen.Int[2, 8], Gen.Double[0, 1])
            .Sample(
                (seed, rooms, loops) =>
                {
                    int size = (2 * rooms) + 1;
                    int Open(Maze maze) => maze.Text.Count(c => c is not Maze.Wall and not '\n');
                    Maze some = Draw(seed, size, loops);
                    Assert.InRange(Open(some), (2 * rooms * rooms) - 1, (rooms * rooms) + (2 * rooms * (rooms - 1)));
                    Assert.Equal(Open(some), Reached(some));
                    Assert.Equal((rooms * rooms) + (2 * rooms * (rooms - 1)), Open(Draw(seed, size, 1)));
                }
            );

    [Fact]
    public void A_shortest_path_reaches_the_goal_and_no_shorter_one_does() =>
        Gen.Select(Gen.ULong, Gen.Int[2, 4], Gen.Double[0, 0.5])
            .Sample(
                (seed, rooms, loops) =>
                {
                    Maze maze = Draw(seed, (2 * rooms) + 1, loops);
                    string path = maze.ShortestPath()!;
                    Assert.Equal((MazeWalkEnd.Goal, path.Length), maze.Walk(path));
                    Assert.Equal(Breadth(maze), path.Length);
                }
            );

    [Fact]
    public void The_same_seed_draws_the_same_maze()
    {
        Assert.Equal(Draw(7, 11, 0.1).Text, Draw(7, 11, 0.1).Text);
        Assert.True(Enumerable.Range(0, 50).Select(seed => Draw((ulong)seed, 11, 0).Text).Distinct().Count() > 48);
    }

    private static Maze Draw(ulong seed, int size, double loops)
    {
        var random = new RandomStream(seed);
        return MazeGenerator.Draw(size, loops, ref random);
    }

    /// <summary>Cells that can be reached from the start, by paths alone: independent of the maze's own search.</summary>
    private static int Reached(Maze maze) => Layers(maze).Sum(layer => layer.Length);

    /// <summary>Moves to the goal, by layers of cells.</summary>
    private static int Breadth(Maze maze) => Layers(maze).TakeWhile(layer => !layer.Contains(maze.GoalCell)).Count();

    private static List<int[]> Layers(Maze maze)
    {
        string cells = maze.Text.Replace("\n", "", StringComparison.Ordinal);
        HashSet<int> seen = [maze.StartCell];
        List<int[]> layers =
        [
            [maze.StartCell],
        ];
        while (layers[^1].Length > 0)
        {
            int[] next =
            [
                .. layers[^1]
                    .SelectMany(cell => new[] { cell - 1, cell + 1, cell - maze.Size, cell + maze.Size })
                    .Where(cell => cells[cell] != '#'),
            ];
            layers.Add([.. next.Where(seen.Add)]);
        }

        return layers;
    }
}
