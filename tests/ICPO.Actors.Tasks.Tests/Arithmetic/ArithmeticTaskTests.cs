using System.Collections.Immutable;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Arithmetic;

namespace ICPO.Actors.Tasks.Tests.Arithmetic;

public sealed class ArithmeticTaskTests
{
    private static readonly ArithmeticTask Task = new();

    [Fact]
    public void The_families_have_8100_and_121_and_512_questions_and_a_fifth_is_held_out()
    {
        Assert.Equal([8100, 121, 512], ArithmeticFamily.All.Select(f => f.Training.Length + f.HeldOut.Length));
        Assert.All(ArithmeticFamily.All, f =>
            Assert.InRange(f.HeldOut.Length / (double)(f.Training.Length + f.HeldOut.Length), 0.15, 0.25)
        );
        Assert.Distinct(ArithmeticFamily.All.SelectMany(f => f.Training.Concat(f.HeldOut)).Select(p => p.Text));
    }

    [Fact]
    public void A_question_is_of_the_family_that_its_text_says() =>
        Assert.All(ArithmeticFamily.All, f => Assert.All(f.Training.Concat(f.HeldOut), p => Assert.Same(f, ArithmeticFamily.Find(p.Text))));

    [Theory]
    [InlineData("What is 61 + 84?", "61 + 84 = 145. The answer is 145.")]
    [InlineData("What is 4 times 11?", "4 times 11 = 44. The answer is 44.")]
    [InlineData("What is 7 * 8 + 5?", "7 * 8 = 56. 56 + 5 = 61. The answer is 61.")]
    public void A_worked_answer_names_its_steps_and_then_the_answer(string question, string solution) =>
        Assert.Equal(solution, ArithmeticFamily.All.SelectMany(f => f.Training.Concat(f.HeldOut)).Single(p => p.Text == question).Solution);

    [Fact]
    public void Training_asks_each_family_once_in_three_groups_and_nothing_that_is_held_out() =>
        Gen.Select(Gen.ULong, Gen.Long[0, 1_000_000])
            .Sample(
                (seed, round) =>
                {
                    Question[] asked = [.. Enumerable.Range(0, 3).Select(i => Task.Train(seed, (3 * round) + i))];
                    return asked.Select(q => q.Tags["family"]).Distinct().Count() == 3
                        && !asked.Any(q => ArithmeticFamily.IsHeldOut(q.Text));
                }
            );

    [Fact]
    public void The_same_seed_gives_the_same_questions_in_every_instance()
    {
        Assert.Equal(Asked(5), Asked(5));
        Assert.NotEqual(Asked(5), Asked(6));

        static string[] Asked(ulong seed)
        {
            var task = new ArithmeticTask(new() { Pool = 12, Reward = ArithmeticReward.Lenient });
            return [.. Enumerable.Range(0, 60).Select(i => task.Train(seed, i).Id), .. task.HeldOut(seed, 60).Select(q => q.Id)];
        }
    }

    [Fact]
    public void Held_out_questions_are_of_all_families_equally_and_each_has_a_name_of_its_own() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 400])
            .Sample(
                (seed, rounds) =>
                {
                    ImmutableArray<Question> questions = Task.HeldOut(seed, 3 * rounds);
                    return questions.Length == 3 * rounds
                        && questions.All(q => ArithmeticFamily.IsHeldOut(q.Text))
                        && questions.Select(q => q.Id).Distinct().Count() == questions.Length
                        && questions.GroupBy(q => q.Tags["family"]).All(g => g.Count() == rounds);
                }
            );

    [Fact]
    public void A_held_out_question_comes_again_only_after_all_of_its_family()
    {
        foreach (IGrouping<string, Question> family in Task.HeldOut(1, 300).GroupBy(q => q.Tags["family"]))
        {
            int distinct = ArithmeticFamily.All.Single(f => f.Name == family.Key).HeldOut.Length;
            Assert.Equal(Math.Min(distinct, 100), family.Take(distinct).Select(q => q.Text).Distinct().Count());
        }
    }

    [Fact]
    public void More_held_out_questions_begin_with_the_fewer_ones() =>
        Assert.Equal(Task.HeldOut(3, 50).Select(q => q.Id), Task.HeldOut(3, 200).Take(50).Select(q => q.Id));

    [Theory]
    [InlineData(104, 40, 24, 40)]
    [InlineData(12, 4, 4, 4)]
    [InlineData(1, 1, 0, 0)]
    [InlineData(800, 388, 24, 388)]
    public void A_pool_shows_the_families_equally_as_far_as_they_have_enough(int size, int additions, int products, int twoStep)
    {
        ImmutableArray<Demonstration> pool = new ArithmeticTask(new() { Pool = size }).Pool;
        Assert.Equal([additions, products, twoStep], ArithmeticFamily.All.Select(f => pool.Count(d => d.Tags["family"] == f.Name)));
        Assert.Distinct(pool.Select(d => d.Id));
        Assert.DoesNotContain(pool, d => ArithmeticFamily.IsHeldOut(d.Question));
    }

    [Fact]
    public void A_smaller_pool_is_part_of_a_larger_one() =>
        Gen.Select(Gen.Int[1, 800], Gen.Int[1, 800])
            .Sample((one, other) => !Ids(Math.Min(one, other)).Except(Ids(Math.Max(one, other))).Any(), iter: 20);

    [Fact]
    public void A_pool_outside_its_bounds_is_refused_with_the_bounds()
    {
        Assert.Contains("1 to 800", Assert.Throws<ArgumentException>(() => new ArithmeticTask(new() { Pool = 0 })).Message);
        Assert.Contains("1 to 800", Assert.Throws<ArgumentException>(() => new ArithmeticTask(new() { Pool = 801 })).Message);
    }

    [Fact]
    public void Demonstrations_are_of_the_question_s_family_and_never_the_question() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 103], Gen.Int[0, 20])
            .Sample(
                (seed, place, count) =>
                {
                    Demonstration asked = Task.Pool[place];
                    ImmutableArray<Demonstration> shown = Task.Demonstrate(
                        new()
                        {
                            Id = "x",
                            Text = asked.Question,
                            Answer = "",
                        },
                        seed,
                        count
                    );
                    return shown.Length == count
                        && shown.All(d => d.Question != asked.Question && d.Tags["family"] == asked.Tags["family"])
                        && shown.Select(d => d.Id).Distinct().Count() == count
                        && shown.SequenceEqual(
                            Task.Demonstrate(
                                new()
                                {
                                    Id = "x",
                                    Text = asked.Question,
                                    Answer = "",
                                },
                                seed,
                                count
                            )
                        );
                }
            );

    [Fact]
    public void Where_a_family_has_too_few_examples_others_follow_and_a_random_draw_is_of_all()
    {
        Question question = Task.HeldOut(1, 1)[0];
        string family = question.Tags["family"];
        ImmutableArray<Demonstration> few = new ArithmeticTask(new() { Pool = 12 }).Demonstrate(question, 1, 12);
        Assert.All(few.Take(4), d => Assert.Equal(family, d.Tags["family"]));
        Assert.Equal(12, few.Length);
        var random = new ArithmeticTask(new() { Demonstrations = ArithmeticDemonstrations.Random });
        Assert.Equal(
            3,
            Enumerable
                .Range(0, 40)
                .SelectMany(i => random.Demonstrate(question, (ulong)i, 3))
                .Select(d => d.Tags["family"])
                .Distinct()
                .Count()
        );
    }

    [Fact]
    public void A_prompt_is_plain_text_with_two_empty_lines_between_examples_and_a_trace_ends_in_a_newline()
    {
        Demonstration shown = new()
        {
            Id = "d",
            Question = "What is 11 + 22?",
            Solution = "11 + 22 = 33. The answer is 33.",
        };
        Assert.Equal("Question: What is 61 + 84?\nAnswer:", Task.Prompt("What is 61 + 84?", []));
        Assert.Equal(
            "Question: What is 11 + 22?\nAnswer: 11 + 22 = 33. The answer is 33.\n\n\nQuestion: What is 61 + 84?\nAnswer:",
            Task.Prompt("What is 61 + 84?", [shown])
        );
        Assert.Equal(" 11 + 22 = 33. The answer is 33.\n", Task.Response(shown));
    }

    private static IEnumerable<string> Ids(int pool) => new ArithmeticTask(new() { Pool = pool }).Pool.Select(d => d.Id);
}
