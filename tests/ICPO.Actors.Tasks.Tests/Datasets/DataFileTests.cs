using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Datasets;
using ICPO.DataFiles;
using ICPO.DataFiles.Files;

namespace ICPO.Actors.Tasks.Tests.Datasets;

public sealed class DataFileTests : IDisposable
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
                    string newline =
                        (carriageReturn ? "\r\n" : "\n")
                        + (
                            blankLines
                                ? carriageReturn
                                    ? "  \r\n"
                                    : "\n"
                                : ""
                        );
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
    public void Every_form_of_a_data_set_reads_to_the_same_rows()
    {
        // One data set is what has the same columns; the plain JSON lines of it are the reference.
        Dictionary<string, List<(string File, List<string> Rows)>> sets = [];
        foreach (
            string file in Directory
                .GetFiles(Fixtures.Folder("data"))
                .Where(f => f.Contains(".jsonl", StringComparison.Ordinal) || f.EndsWith(".parquet", StringComparison.Ordinal))
        )
        {
            List<string> rows = [.. DataFile.Records(file).Select(record => Canonical(record.Fields))];
            string columns = string.Join(',', JsonDocument.Parse(rows[0]).RootElement.EnumerateObject().Select(p => p.Name));
            if (!sets.TryGetValue(columns, out List<(string File, List<string> Rows)>? forms))
            {
                sets[columns] = forms = [];
            }

            forms.Add((file, rows));
        }

        foreach ((string columns, List<(string File, List<string> Rows)>? forms) in sets)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{columns}: {forms.Count} files of {forms[0].Rows.Count} rows");
            Assert.All(forms, form => Assert.Equal(forms[0].Rows, form.Rows));
        }

        Assert.Contains(sets.Values, forms => forms.Count > 1);
    }

    [Fact]
    public void Every_readable_fixture_is_recognised_without_configuration()
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

    [Fact]
    public void A_damaged_Parquet_file_is_read_or_ends_in_a_sentence_and_takes_no_room_on_its_word()
    {
        string[] files = Directory.GetFiles(Fixtures.Folder("data"), "*.parquet");
        Assert.NotEmpty(files);
        var random = new Random(20261);
        Dictionary<string, int> outcomes = [];
        for (int i = 0; i < 600; i++)
        {
            byte[] bytes = File.ReadAllBytes(files[i % files.Length]);
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                // Every second time in the footer, where sizes and counts are.
                int place = i % 2 == 0 ? random.Next(bytes.Length) : bytes.Length - 1 - random.Next(Math.Min(bytes.Length, 1600));
                bytes[place] ^= (byte)(1 << random.Next(8));
            }

            File.WriteAllBytes(_path, i % 10 == 9 ? bytes[..random.Next(bytes.Length)] : bytes);
            long before = GC.GetTotalAllocatedBytes();
            string outcome = "read";
            try
            {
                foreach (DataRecord _ in DataFile.Records(_path)) { }
            }
            catch (InvalidDataException error)
            {
                Assert.StartsWith(_path, error.Message);
                Assert.DoesNotContain('\n', error.Message);
                Assert.EndsWith(".", error.Message);
                outcome = "refused";
            }

            Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 200 << 20);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", outcomes.Select(o => $"{o.Value} {o.Key}")));
        Assert.Equal(2, outcomes.Count);
    }

    [Fact]
    public void A_gzip_file_that_is_cut_off_anywhere_is_refused_and_one_of_several_members_is_read()
    {
        static byte[] Packed(string text)
        {
            using var memory = new MemoryStream();
            using (var gzip = new GZipStream(memory, CompressionLevel.Optimal))
            {
                gzip.Write(Encoding.UTF8.GetBytes(text));
            }

            return memory.ToArray();
        }

        byte[] first = Packed("{\"question\": \"a\", \"answer\": 1}\n"),
            second = Packed("{\"question\": \"b\", \"answer\": 2}");
        File.WriteAllBytes(_path, [.. first, .. second]);
        Assert.Equal(["a", "b"], DataRows.Read(_path, new()).Select(row => row.Question.Text));
        for (int length = 2; length < first.Length; length++)
        {
            File.WriteAllBytes(_path, first[..length]);
            Assert.StartsWith(_path, Assert.Throws<InvalidDataException>(() => DataRows.Read(_path, new())).Message);
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
        "{\"problem\": \"p\", \"solution\": \"so \\\\boxed{7}\", \"answer\": \"7\", \"subject\": \"Algebra\", \"level\": 2, \"unique_id\": \"x\"}",
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
        "{\"data_source\": \"d\", \"prompt\": \"p\", \"reward_model\": {\"ground_truth\": \"5\"}, \"extra_info\": {\"answer\": \"4+1\\n#### 5\"}}",
        "p",
        "5",
        "data_source=d"
    )]
    public void The_columns_of_well_known_data_sets_are_recognised(string line, string question, string answer, string tags)
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
    [InlineData("{\"question\": \"a\", \"answer\": \"5\"}", "no gold answer behind '####'")]
    [InlineData("{\"question\": \"a\", \"answer\": \"5 ####\"}", "no gold answer behind '####'")]
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
        Assert.Contains("no closed \\boxed", Assert.Throws<InvalidDataException>(() => DataRows.Read(_path, new())).Message);
        File.WriteAllText(_path, "{\"text\": \"a\", \"label\": 5}");
        Assert.Contains(
            "no question is recognised among the fields text, label",
            Assert.Throws<InvalidDataException>(() => DataRows.Read(_path, new())).Message
        );
    }

    [Fact]
    public void The_real_mathematics_is_recognised_whole()
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
        string message = Assert.Throws<InvalidDataException>(() => DataRows.Read(_path, new())).Message;
        Assert.StartsWith($"{_path}:3: ", message);
        Assert.Contains(expected, message);
    }

    [Fact]
    public void An_id_given_twice_is_named_with_both_lines()
    {
        File.WriteAllText(_path, "{\"id\": 1, \"question\": \"a\", \"answer\": 2}\n{\"id\": 1, \"question\": \"b\", \"answer\": 2.5}\n");
        Assert.Contains(
            $":2: the id '1' was already given at {_path}:1",
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

    /// <summary>A row with its keys and numbers written one way, however the file wrote them.</summary>
    private static string Canonical(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => "{"
                + string.Join(',', value.EnumerateObject().Select(p => JsonSerializer.Serialize(p.Name) + ":" + Canonical(p.Value)))
                + "}",
            JsonValueKind.Array => "[" + string.Join(',', value.EnumerateArray().Select(Canonical)) + "]",
            JsonValueKind.String => JsonSerializer.Serialize(value.GetString()),
            JsonValueKind.Number => value.TryGetInt64(out long whole)
                ? whole.ToString(CultureInfo.InvariantCulture)
                : value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
            _ => value.GetRawText(),
        };

    /// <summary>A lone surrogate has no UTF-8 form.</summary>
    private static string WellFormed(string text) => "x" + Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
