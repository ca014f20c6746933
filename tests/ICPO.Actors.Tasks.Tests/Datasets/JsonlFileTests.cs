using System.Text;
using System.Text.Json;

namespace ICPO.Actors.Tasks.Tests;

public sealed class JsonlFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.jsonl");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Rows_survive_every_way_to_write_a_file() =>
        Gen.Select(
            Gen.Select(Gen.String.Where(s => !string.IsNullOrWhiteSpace(s)), Gen.String.Where(s => !string.IsNullOrWhiteSpace(s))).Array[1, 8],
            Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool).Sample((rows, mark, carriageReturn, blankLines, lastNewline) =>
        {
            rows = [.. rows.Select(row => (WellFormed(row.Item1), WellFormed(row.Item2)))];
            string newline = (carriageReturn ? "\r\n" : "\n") + (blankLines ? carriageReturn ? "  \r\n" : "\n" : "");
            string text = string.Join(newline, rows.Select(row => JsonSerializer.Serialize(new { question = row.Item1, answer = row.Item2 }))) + (lastNewline ? newline : "");
            File.WriteAllText(_path, text, new UTF8Encoding(mark));
            var read = JsonlFile.Read(_path, new());
            Assert.Equal(rows, read.Select(row => (row.Question.Text, row.Question.Answer)));
            Assert.Equal(Enumerable.Range(0, rows.Length).Select(i => 1 + (blankLines ? 2 * i : i)), read.Select(row => row.Line));
        }, threads: 1, iter: 100);

    [Fact]
    public void Every_readable_fixture_gives_its_rows_and_all_forms_of_one_data_set_give_the_same()
    {
        string[] files = Directory.GetFiles(Fixtures.Folder("data"), "*.jsonl");
        List<string> gsm8k = [];
        int nested = 0;
        foreach (string file in files)
        {
            using JsonDocument first = JsonDocument.Parse(File.ReadLines(file).First().TrimStart('\uFEFF'));
            bool plain = first.RootElement.TryGetProperty("question", out _);
            FieldMapping fields = plain ? new() : new()
            {
                Question = "prompt.-1.content",
                Answer = "reward_model.ground_truth",
                Id = "extra_info.index",
                Tags = ["ability", "extra_info.split"],
            };
            var rows = JsonlFile.Read(file, fields);
            Assert.Equal(File.ReadLines(file).Count(line => !string.IsNullOrWhiteSpace(line)), rows.Length);
            if (plain)
            {
                gsm8k.Add(JsonSerializer.Serialize(rows.Select(row => new { row.Question.Text, row.Question.Answer, row.Solution })));
            }
            else
            {
                nested++;
                Assert.All(rows, row => Assert.Equal("train", row.Question.Tags["extra_info.split"]));
                Assert.Contains(rows, row => !row.Question.Tags.ContainsKey("ability"));
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{gsm8k.Count} plain and {nested} nested files read; Parquet and gzip are skipped: not JSON lines");
        Assert.NotEmpty(gsm8k);
        Assert.Single(gsm8k.Distinct());
    }

    [Fact]
    public void Every_malformed_fixture_ends_in_one_sentence_that_names_the_file()
    {
        string[] files = [.. Directory.GetFiles(Path.Combine(Fixtures.Folder("data"), "malformed")).Concat(Directory.GetFiles(Fixtures.Folder("data"), "*.parquet"))];
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            string message = Assert.Throws<InvalidDataException>(() => JsonlFile.Read(file, new())).Message;
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
    [InlineData("{\"question\": \"a\"}", "'answer' is missing")]
    [InlineData("{\"question\": 5, \"answer\": \"b\"}", "'question' is a number; it must be a string")]
    [InlineData("{\"question\": \" \", \"answer\": \"b\"}", "'question' is empty")]
    [InlineData("{\"question\": \"a\", \"answer\": null}", "'answer' is null; it must be a string or a number")]
    [InlineData("{\"question\": \"a\", \"answer\": \"\\ud800\"}", "half of a surrogate pair")]
    [InlineData("{\"question\": \"a\", \"answer\": \"b\"", "not one complete JSON object")]
    [InlineData("{\"question\": \"a\", \"answer\": \"b\"} {}", "not one complete JSON object")]
    [InlineData("\"question\"", "the line is a string; write one JSON object on each line")]
    public void A_bad_line_is_named_with_its_number_and_the_mend(string line, string expected)
    {
        File.WriteAllText(_path, $"{{\"question\": \"a\", \"answer\": \"b\"}}\n\n{line}\n");
        string message = Assert.Throws<InvalidDataException>(() => JsonlFile.Read(_path, new())).Message;
        Assert.StartsWith($"{_path}:3: ", message);
        Assert.Contains(expected, message);
    }

    [Fact]
    public void An_id_given_twice_is_named_with_both_lines()
    {
        File.WriteAllText(_path, "{\"id\": 1, \"question\": \"a\", \"answer\": 2}\n{\"id\": 1, \"question\": \"b\", \"answer\": 2.5}\n");
        Assert.Contains(":2: the id '1' was already given on line 1", Assert.Throws<InvalidDataException>(() => JsonlFile.Read(_path, new() { Id = "id" })).Message);
        Assert.Equal("2.5", JsonlFile.Read(_path, new())[1].Question.Answer);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.StartsWith(_path, Assert.Throws<InvalidDataException>(() => JsonlFile.Read(_path, new())).Message);

    [Fact]
    public void A_field_whose_name_holds_a_dot_comes_before_a_path()
    {
        File.WriteAllText(_path, "{\"a.b\": \"whole\", \"a\": {\"b\": \"path\"}, \"q\": [\"x\", \"y\"]}");
        DataRow row = JsonlFile.Read(_path, new() { Question = "q.1", Answer = "a.b" })[0];
        Assert.Equal(("y", "whole"), (row.Question.Text, row.Question.Answer));
    }

    /// <summary>A lone surrogate has no UTF-8 form.</summary>
    private static string WellFormed(string text) => "x" + Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
