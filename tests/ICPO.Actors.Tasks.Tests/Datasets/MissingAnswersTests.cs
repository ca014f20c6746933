using System.Text.Json;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Datasets;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Tasks.Tests.Datasets;

/// <summary>Rows without a gold answer: null, or a word that says so.</summary>
public sealed class MissingAnswersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_with_a_placeholder_or_null_are_left_out_and_counted()
    {
        JsonlTask task = new(new() { HeldOutPath = Write("2", "proof", null, "NotFound", "$3$", "N/A", "proofs are long") });
        QuestionSource source = Assert.Single(task.Sources);
        Assert.Equal((3, 1), (source.Placeholders, source.Missing));
        Assert.Equal(["$3$", "2", "proofs are long"], task.HeldOut(1, 10).Select(q => q.Answer).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Keys_name_the_placeholders_and_make_a_null_an_error()
    {
        string file = Write("2", "proof", "gone");
        JsonlTask task = new(
            new()
            {
                HeldOutPath = file,
                Fields = new() { Placeholders = ["gone"] },
            }
        );
        Assert.Equal(["2", "proof"], task.HeldOut(1, 10).Select(q => q.Answer).Order(StringComparer.Ordinal));
        string withNull = Write("2", null);
        Assert.StartsWith(
            $"{withNull}:2: ",
            Assert
                .Throws<InvalidDataException>(() =>
                    new JsonlTask(
                        new()
                        {
                            HeldOutPath = withNull,
                            Fields = new() { MissingAnswer = MissingAnswer.Error },
                        }
                    )
                )
                .Message
        );
    }

    [Fact]
    public void A_data_set_without_any_answer_is_refused()
    {
        string file = Write("proof", null);
        Assert.StartsWith(file, Assert.Throws<InvalidDataException>(() => new JsonlTask(new() { HeldOutPath = file })).Message);
    }

    [Fact]
    public void Questions_that_cannot_be_judged_can_be_left_out_of_training_and_held_out()
    {
        JsonlTask task = new(
            new() { Path = Write([.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? $"{i}" : "words of no value")]), HeldOutShare = 0.3 }
        );
        ITask readable = task.Where(q => q.Answer.All(char.IsAsciiDigit));
        Assert.Equal(20, readable.TrainingQuestions + readable.HeldOutQuestions);
        Assert.All(Enumerable.Range(0, readable.TrainingQuestions!.Value), i =>
            Assert.True(readable.Train(3, i).Answer.All(char.IsAsciiDigit))
        );
        Assert.Equal(40, task.TrainingCount + task.HeldOutCount);
    }

    [Fact]
    public void Reported_data_sets_leave_out_what_has_no_answer()
    {
        FieldMapping defaults = new();
        MathVerifier verifier = new(new());
        string[] files = Directory.GetFiles(Fixtures.Require("reports/data"), "*.jsonl");
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            string?[] answers =
            [
                .. File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("answer").GetString()),
            ];
            int missing = answers.Count(a => a is null),
                placeholders = answers.Count(a => a is not null && defaults.Placeholders.Contains(a, StringComparer.OrdinalIgnoreCase));
            QuestionSource source = Assert.Single(new JsonlTask(new() { HeldOutPath = file }).Sources);
            Assert.Equal((placeholders, missing), (source.Placeholders, source.Missing));
            Assert.Equal(answers.Length, source.Questions.Length + placeholders + missing);

            // Numbers are read, sentences about something else are not.
            Assert.All(source.Questions, q => Assert.Equal(q.Answer.Any(char.IsAsciiDigit), verifier.ReadGold(q).Problem is null));
        }
    }

    private string Write(params string?[] answers)
    {
        string file = _folder.In($"{Guid.NewGuid():N}.jsonl");
        File.WriteAllLines(file, answers.Select((a, i) => JsonSerializer.Serialize(new { question = $"What is {i}?", answer = a })));
        return file;
    }
}
