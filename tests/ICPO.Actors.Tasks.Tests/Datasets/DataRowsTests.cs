using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Datasets;
using ICPO.DataFiles;

namespace ICPO.Actors.Tasks.Tests.Datasets;

public sealed class DataRowsTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.jsonl");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Rows_survive_every_way_to_write_a_file() =>
        Gen.Select(
                Gen.Select(
                    Gen.String.Where(s => !string.IsNullOrWhiteSpace(s)),
                    Gen.String.Where(s => !string.IsNullOrWhiteSpace(s))
                ).Array[1, 8],
                Gen.Bool,
                Gen.Bool,
                Gen.Bool,
                Gen.Bool
            )
            .Sample(
                (rows, mark, carriageReturn, blankLines, lastNewline) =>
                {
                    rows = [.. rows.Select(row => (WellFormed(row.Item1), WellFormed(row.Item2)))];
                    string lineEnd = carriageReturn ? "\r\n" : "\n";
                    string blankLine = carriageReturn ? "  " + lineEnd : lineEnd;
                    string newline = blankLines ? lineEnd + blankLine : lineEnd;
                    string text =
                        string.Join(newline, rows.Select(row => JsonSerializer.Serialize(new { question = row.Item1, answer = row.Item2 })))
                        + (lastNewline ? newline : "");
                    File.WriteAllText(_path, text, new UTF8Encoding(mark));
                    System.Collections.Immutable.ImmutableArray<DataRow> read = DataRows.Read(_path, new());
                    Assert.Equal(rows, read.Select(row => (row.Question.Text, row.Question.Answer)));
                    Assert.Equal(Enumerable.Range(0, rows.Length).Select(i => 1 + (blankLines ? 2 * i : i)), read.Select(row => row.Line));
                },
                threads: 1,
                iter: 100
            );

    [Fact]
    public void Every_readable_fixture_is_recognized_without_configuration()
    {
        foreach (
            string file in Directory
                .GetFiles(Fixtures.Folder("data"))
                .Where(f => f.Contains(".jsonl", StringComparison.Ordinal) || f.EndsWith(".parquet", StringComparison.Ordinal))
        )
        {
            foreach ((DataRow row, string raw) in DataRows.Read(file, new()).Zip(DataFile.Records(file).Select(r => r.Fields.GetRawText())))
            {
                using var document = JsonDocument.Parse(raw);
                if (document.RootElement.TryGetProperty("prompt", out JsonElement chat))
                {
                    Assert.Equal(chat.EnumerateArray().Select(m => m.GetProperty("content").GetString()), row.Chat.Select(m => m.Content));
                    Assert.Equal(
                        document.RootElement.GetProperty("reward_model").GetProperty("ground_truth").GetString(),
                        row.Question.Answer
                    );
                    Assert.Equal(document.RootElement.GetProperty("data_source").GetString(), row.Question.Tags["data_source"]);
                }
                else
                {
                    string answer = document.RootElement.GetProperty("answer").GetString()!;
                    Assert.Equal(answer, $"{row.Solution}\n#### {row.Question.Answer}");
                    Assert.Equal(
                        Regex.Replace(row.Solution, "<<[^>]*>>", ""),
                        DataRows.Read(file, new() { RemoveCalculator = true }).Single(r => r.Line == row.Line).Solution
                    );
                }
            }
        }
    }

    [Fact]
    public void Every_malformed_fixture_ends_in_one_sentence_that_names_the_file()
    {
        string[] files = Directory.GetFiles(Path.Combine(Fixtures.Folder("data"), "malformed"));
        Assert.NotEmpty(files);

        foreach (string file in files)
        {
            if (Record.Exception(() => DataRows.Read(file, new())) is not { } error)
            {
                Assert.Equal((byte)'[', File.ReadAllBytes(file)[0]); // no JSON lines, but a form all the same
                continue;
            }

            string message = Assert.IsType<InvalidDataException>(error).Message;
            TestContext.Current.TestOutputHelper?.WriteLine(message);
            Assert.StartsWith(file, message);
            Assert.DoesNotContain('\n', message);
            Assert.EndsWith(".", message);
            if (Path.GetFileName(file) is ['l', 'i', 'n', 'e', var line, '_', ..])
            {
                Assert.StartsWith($"{file}:{line}:", message);
            }
        }
    }

    [Theory]
    [InlineData(
        "{\"problem\": \"p\", \"solution\": \"It is $\\\\boxed{\\\\frac{1}{2}}$.\", \"level\": \"Level 3\", \"type\": \"Algebra\"}",
        "p",
        "\\frac{1}{2}",
        "level=Level 3,type=Algebra"
    )]
    [InlineData(
        "{\"problem\": \"p\", \"solution\": \"so \\\\boxed{7}\", \"answer\": \"7\", \"subject\": \"Algebra\", \"level\": 2, "
            + "\"unique_id\": \"x\"}",
        "p",
        "7",
        "level=2,subject=Algebra"
    )]
    [InlineData("{\"ID\": \"2024-I-1\", \"Problem\": \"p\", \"Solution\": \"s\", \"Answer\": 204}", "p", "204", "")]
    [InlineData(
        "{\"id\": 1, \"question\": \"p\", \"solution\": [\"a\", \"b\"], \"final_answer\": [\"$1$\", \"$2$\"], \"subfield\": \"Algebra\"}",
        "p",
        "$1$, $2$",
        "subfield=Algebra"
    )]
    [InlineData("{\"id\": 1, \"problem\": \"p\", \"answer\": 142.0, \"url\": \"u\"}", "p", "142.0", "")]
    [InlineData(
        "{\"data_source\": \"d\", \"prompt\": \"p\", \"reward_model\": {\"ground_truth\": \"5\"}, \"extra_info\": "
            + "{\"answer\": \"4+1\\n#### 5\"}}",
        "p",
        "5",
        "data_source=d"
    )]
    public void The_columns_of_well_known_data_sets_are_recognized(string line, string question, string answer, string tags)
    {
        File.WriteAllText(_path, line);
        DataRow row = Assert.Single(DataRows.Read(_path, new()));
        Assert.Equal(
            (question, answer, tags),
            (row.Question.Text, row.Question.Answer, string.Join(',', row.Question.Tags.Select(t => $"{t.Key}={t.Value}")))
        );
    }

    [Fact]
    public void A_field_of_the_configuration_comes_before_the_convention_and_alternatives_are_tried_in_turn()
    {
        File.WriteAllText(_path, "{\"question\": \"q\", \"answer\": \"a #### 5\", \"task\": \"t\"}");
        DataRow row = DataRows.Read(_path, new() { Question = "prompt|task|question", Answer = "answer" })[0];
        Assert.Equal(("t", "a #### 5"), (row.Question.Text, row.Question.Answer));
        Assert.Equal(
            "5",
            DataRows
                .Read(
                    _path,
                    new()
                    {
                        Question = "task",
                        Answer = "answer",
                        Form = AnswerForm.Hashes,
                    }
                )[0]
                .Question.Answer
        );
    }

    [Theory]
    [InlineData("{\"question\": \"a\", \"answer\": \"5\"}", "'####'")]
    [InlineData("{\"question\": \"a\", \"answer\": \"5 ####\"}", "'####'")]
    public void A_gold_answer_that_is_missing_in_a_later_row_is_named(string line, string said)
    {
        File.WriteAllText(_path, $"{{\"question\": \"b\", \"answer\": \"4 #### 4\"}}\n{line}");
        string message = Assert.Throws<InvalidDataException>(() => DataRows.Read(_path, new())).Message;
        Assert.StartsWith($"{_path}:2: ", message);
        Assert.Contains(said, message);
    }

    [Fact]
    public void A_solution_without_a_box_and_a_row_without_a_question_are_named()
    {
        File.WriteAllText(_path, "{\"problem\": \"a\", \"solution\": \"It is 5, see \\\\boxed{\"}");
        Assert.Contains("\\boxed", Assert.Throws<InvalidDataException>(() => DataRows.Read(_path, new())).Message);
        File.WriteAllText(_path, "{\"text\": \"a\", \"label\": 5}");
        Assert.Contains("text, label", Assert.Throws<InvalidDataException>(() => DataRows.Read(_path, new())).Message);
    }

    [Fact]
    public void The_real_mathematics_is_recognized_whole()
    {
        foreach (
            string file in (string[])
                [Fixtures.Data("math/math500.jsonl"), Fixtures.Data("math/solutions_pool.jsonl"), Fixtures.Data("gsm8k/test.jsonl")]
        )
        {
            System.Collections.Immutable.ImmutableArray<DataRow> rows = DataRows.Read(file, new() { RemoveCalculator = true });
            Assert.Equal(File.ReadLines(file).Count(), rows.Length);
            Assert.DoesNotContain(rows, row =>
                row.Question.Answer.Contains("####", StringComparison.Ordinal) || row.Solution.Contains("<<", StringComparison.Ordinal)
            );
            if (file.Contains("math500", StringComparison.Ordinal))
            {
                // The answer column is the gold one; the last box of the solution is the same but for spelling.
                IVerifier verifier = VerifierRegistry.Create("math");
                int same = rows.Count(row =>
                    DataRows
                        .Read(
                            file,
                            new()
                            {
                                Question = "problem",
                                Answer = "solution",
                                Form = AnswerForm.Boxed,
                            }
                        )[row.Line - 1]
                        .Question.Answer == row.Question.Answer
                );
                Assert.True(same > 0.9 * rows.Length, $"{same} of {rows.Length} boxes are the answer");
                Assert.All(rows, row => Assert.Equal(["level", "subject"], row.Question.Tags.Keys));
            }
        }
    }

    [Theory]
    [InlineData("{\"question\": \"a\"}", "'answer'")]
    [InlineData("{\"question\": 5, \"answer\": \"b\"}", "'question' is a number")]
    [InlineData("{\"question\": \" \", \"answer\": \"b\"}", "'question'")]
    [InlineData("{\"question\": \"a\", \"answer\": true}", "'answer' is a boolean")]
    [InlineData("{\"question\": \"a\", \"answer\": \"\\ud800\"}", "half of a surrogate pair")]
    [InlineData("{\"question\": \"a\", \"answer\": \"b\"", "not one complete JSON object")]
    [InlineData("{\"question\": \"a\", \"answer\": \"b\"} {}", "not one complete JSON object")]
    [InlineData("\"question\"", "the line is a string; write one JSON object on each line")]
    public void A_bad_line_is_reported_with_its_number_and_the_fix(string line, string expected)
    {
        File.WriteAllText(_path, $"{{\"question\": \"a\", \"answer\": \"b\"}}\n\n{line}\n");
        string message = Assert.Throws<InvalidDataException>(() => DataRows.Read(_path, new())).Message;
        Assert.StartsWith($"{_path}:3: ", message);
        Assert.Contains(expected, message);
    }

    [Fact]
    public void A_data_set_without_rows_is_refused()
    {
        File.WriteAllText(_path, "[]");
        Assert.StartsWith(_path, Assert.Throws<InvalidDataException>(() => DataRows.Read(_path, new())).Message);
    }

    [Fact]
    public void An_id_given_twice_is_named_with_both_lines()
    {
        File.WriteAllText(_path, "{\"id\": 1, \"question\": \"a\", \"answer\": 2}\n{\"id\": 1, \"question\": \"b\", \"answer\": 2.5}\n");
        Assert.Matches(
            $@":2: .*'1'.* {Regex.Escape(_path)}:1\b",
            Assert.Throws<InvalidDataException>(() => DataRows.Read(_path, new() { Id = "id" })).Message
        );
        Assert.Equal("2.5", DataRows.Read(_path, new())[1].Question.Answer);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.StartsWith(_path, Assert.Throws<InvalidDataException>(() => DataRows.Read(_path, new())).Message);

    [Fact]
    public void A_field_whose_name_holds_a_dot_comes_before_a_path()
    {
        File.WriteAllText(_path, "{\"a.b\": \"whole\", \"a\": {\"b\": \"path\"}, \"q\": [\"x\", \"y\"]}");
        DataRow row = DataRows.Read(_path, new() { Question = "q.1", Answer = "a.b" })[0];
        Assert.Equal(("y", "whole"), (row.Question.Text, row.Question.Answer));
    }

    /// <summary>A lone surrogate has no UTF-8 form.</summary>
    private static string WellFormed(string text) => "x" + Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
