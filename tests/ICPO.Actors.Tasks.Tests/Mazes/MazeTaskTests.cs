using System.Collections.Immutable;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Mazes;

namespace ICPO.Actors.Tasks.Tests.Mazes;

/// <summary>The task <c>maze</c> and its verifier.</summary>
public sealed class MazeTaskTests
{
    private static readonly MazeTask Task = new();

    [Fact]
    public async Task Every_solution_is_correct_in_both_formats_and_rewards()
    {
        foreach (MazeFormat format in Enum.GetValues<MazeFormat>())
        {
            foreach (MazeReward reward in Enum.GetValues<MazeReward>())
            {
                var settings = new MazeSettings
                {
                    Format = format,
                    Reward = reward,
                    Loops = 0.2,
                    Pool = 20,
                };
                var task = new MazeTask(settings);
                foreach (Demonstration solved in task.Pool)
                {
                    Judgment judgment = await JudgeAsync(settings, solved.Question, task.Response(solved));
                    Assert.Equal(Verdict.Correct, judgment.Verdict);
                    Assert.True(task.Response(solved).Length <= task.MaxTokens);
                    Assert.Contains(task.StopStrings, stop => task.Response(solved).EndsWith(stop, StringComparison.Ordinal));
                }
            }
        }
    }

    [Theory]
    [InlineData("DRRRRD;", MazeReward.Valid, Verdict.Wrong)]
    [InlineData("DDRRUUDDRR;", MazeReward.Valid, Verdict.Wrong)]
    [InlineData("DDRR;", MazeReward.Valid, Verdict.Correct)]
    [InlineData("DUDDRR;", MazeReward.Valid, Verdict.Correct)]
    [InlineData("DUDDRR;", MazeReward.Shortest, Verdict.Wrong)]
    [InlineData("DDRR;", MazeReward.Shortest, Verdict.Correct)]
    [InlineData("DDRR", MazeReward.Valid, Verdict.Unparseable)]
    [InlineData(";", MazeReward.Valid, Verdict.Unparseable)]
    [InlineData("DD RR;", MazeReward.Valid, Verdict.Unparseable)]
    [InlineData("DDRR;;", MazeReward.Valid, Verdict.Unparseable)]
    [InlineData("ddrr;", MazeReward.Valid, Verdict.Unparseable)]
    public async Task Only_a_path_that_ends_at_the_goal_gets_a_reward(string response, MazeReward reward, Verdict verdict)
    {
        var settings = new MazeSettings { Reward = reward };
        Judgment judgment = await JudgeAsync(settings, "#####\n#S..#\n#.#.#\n#..G#\n#####\n=", response);
        Assert.Equal(verdict, judgment.Verdict);
    }

    [Theory]
    [InlineData(" D D R R\n", Verdict.Correct)]
    [InlineData("D, D, R, R.", Verdict.Correct)]
    [InlineData("The path is DDRR", Verdict.Unparseable)]
    [InlineData("\n", Verdict.Unparseable)]
    public async Task In_natural_language_moves_may_be_separated(string response, Verdict verdict)
    {
        var settings = new MazeSettings { Format = MazeFormat.Language };
        Assert.Equal(verdict, (await JudgeAsync(settings, "Go!\n#####\n#S..#\n#.#.#\n#..G#\n#####", response)).Verdict);
    }

    [Fact]
    public async Task A_response_that_did_not_end_and_a_question_without_a_maze_get_no_reward()
    {
        const string Question = "#####\n#S..#\n#.#.#\n#..G#\n#####\n=";
        Judgment cut = await new MazeVerifier(new()).VerifyAsync(Ask(Question), "DDRR;", FinishReason.Length, CancellationToken.None);
        Assert.Equal(Verdict.Unparseable, cut.Verdict);
        await Assert.ThrowsAsync<InvalidDataException>(() => JudgeAsync(new(), "What is 1 + 1?", "DDRR;"));
        Assert.NotNull(new MazeVerifier(new()).ReadGold(Ask("What is 1 + 1?")).Problem);
        Assert.Null(new MazeVerifier(new()).ReadGold(Ask(Question)).Problem);
    }

    [Fact]
    public void Held_out_mazes_are_different_and_in_neither_training_nor_the_pool() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 40])
            .Sample(
                (seed, count) =>
                {
                    ImmutableArray<Question> heldOut = Task.HeldOut(seed, count);
                    Assert.Equal(count, heldOut.DistinctBy(question => question.Text).Count());
                    Assert.All(heldOut, question => Assert.True(MazeTask.IsHeldOut(Maze.Parse(question.Text)!)));
                    Assert.False(MazeTask.IsHeldOut(Maze.Parse(Task.Train(seed, count).Text)!));
                },
                iter: 20
            );

    [Fact]
    public void The_pool_is_of_training_mazes_with_their_shortest_paths()
    {
        Assert.Equal(400, Task.Pool.DistinctBy(example => example.Question).Count());
        Assert.All(Task.Pool, example =>
        {
            Maze maze = Maze.Parse(example.Question)!;
            Assert.False(MazeTask.IsHeldOut(maze));
            Assert.Equal(maze.ShortestPath() + ";", example.Solution);
        });
    }

    [Fact]
    public void Small_mazes_are_few_and_the_task_says_so_by_giving_fewer()
    {
        var smallest = new MazeTask(new() { Size = MazeSettings.MinSize });
        Assert.InRange(smallest.Pool.Length, 1, 48);
        Assert.InRange(smallest.HeldOut(1, 500).Length, 1, 47);
    }

    [Fact]
    public void Demonstrations_are_of_other_mazes_and_of_the_same_length_first() =>
        Gen.Select(Gen.ULong, Gen.Long[0, 1000])
            .Sample(
                (seed, index) =>
                {
                    Question question = Task.Train(seed, index);
                    ImmutableArray<Demonstration> shown = Task.Demonstrate(question, seed, 5);
                    Assert.Equal(5, shown.DistinctBy(example => example.Question).Count());
                    Assert.DoesNotContain(shown, example => example.Question == question.Text);
                    int same = Task.Pool.Count(e => e.Tags["moves"] == question.Tags["moves"] && e.Question != question.Text);
                    Assert.Equal(Math.Min(5, same), shown.Count(example => example.Tags["moves"] == question.Tags["moves"]));
                },
                iter: 30
            );

    [Fact]
    public void A_prompt_in_characters_has_only_the_characters_of_the_format()
    {
        Question question = Task.Train(3, 0);
        string prompt = Task.Prompt(question.Text, Task.Demonstrate(question, 3, 2));
        Assert.All(prompt + question.Answer, c => Assert.Contains(c, MazeText.Characters));
        Assert.EndsWith(question.Text, prompt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, 0, 1)]
    [InlineData(8, 0, 1)]
    [InlineData(67, 0, 1)]
    [InlineData(9, -0.1, 1)]
    [InlineData(9, 1.1, 1)]
    [InlineData(9, 0, 0)]
    public void A_setting_out_of_range_is_an_error(int size, double loops, int pool) =>
        Assert.Throws<ArgumentException>(() =>
            new MazeTask(
                new()
                {
                    Size = size,
                    Loops = loops,
                    Pool = pool,
                }
            )
        );

    private static async Task<Judgment> JudgeAsync(MazeSettings settings, string question, string response) =>
        await new MazeVerifier(settings).VerifyAsync(Ask(question), response, FinishReason.Stop, CancellationToken.None);

    private static Question Ask(string text) =>
        new()
        {
            Id = "maze",
            Text = text,
            Answer = "",
        };
}
