using System.IO.Compression;
using System.Text;
using ICPO.Actors.Tasks.Datasets;
using ICPO.DataFiles;

namespace ICPO.Actors.Tasks.Tests.Datasets;

/// <summary>Data sets other than JSON lines in one file: arrays, objects over several lines, shards, directories.</summary>
public sealed class DataFormsTests : IDisposable
{
    private const string Two = "{\"question\": \"a\", \"answer\": 1}, {\"question\": \"b ]}\", \"answer\": \"2\"}";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[" + Two + "]")]
    [InlineData("\n [\n  {\n    \"question\": \"a\",\n    \"answer\": 1\n  },\n  {\"question\": \"b ]}\", \"answer\": \"2\"}\n]\n")]
    [InlineData("{\n \"question\": \"a\",\n \"answer\": 1\n}\n{\"question\": \"b ]}\",\n\"answer\": \"2\"}")]
    [InlineData(
        "[[{\"from\": \"human\", \"value\": \"a\"}, {\"ground_truth\": {\"value\": \"1\"}}],\n[{\"value\": \"b ]}\"}, "
            + "{\"ground_truth\": {\"value\": \"2\"}}]]"
    )]
    public void Arrays_and_objects_over_several_lines_are_rows_packed_or_not(string text)
    {
        foreach (
            string file in (string[])
                [
                    Write("a.json", text),
                    Write("b.json", "\uFEFF" + text.Replace("\n", "\r\n", StringComparison.Ordinal)),
                    Pack("c.json.gz", text),
                ]
        )
        {
            Assert.Equal([("a", "1"), ("b ]}", "2")], DataRows.Read(file, new()).Select(row => (row.Question.Text, row.Question.Answer)));
            Assert.Equal($"{Path.GetFileName(file)}:2", DataRows.Read(file, new())[1].Question.Id);
        }
    }

    [Fact]
    public void Shards_and_directories_are_read_in_the_order_of_their_names_and_rows_keep_their_file_in_their_ids()
    {
        Write("data/train-00001-of-00002.jsonl", Row("b") + Row("c"));
        Write("data/train-00000-of-00002.jsonl", Row("a"));
        Write("data/test-00000-of-00001.jsonl", Row("t"));
        Write("data/README.md", "# no data");
        Write("train/geometry/2.json", Row("g").Replace(",", ",\n", StringComparison.Ordinal));
        Write("train/algebra/1.json", Row("f"));
        string[] Questions(string path) => [.. DataRows.Read(In(path), new()).Select(row => $"{row.Question.Id} {row.Question.Text}")];
        Assert.Equal(
            ["train-00000-of-00002.jsonl:1 a", "train-00001-of-00002.jsonl:1 b", "train-00001-of-00002.jsonl:2 c"],
            Questions("data/train-*.jsonl")
        );
        Assert.Equal(["algebra/1.json:1 f", "geometry/2.json:1 g"], Questions("train"));
        Assert.Equal(["t", "a", "b", "c"], DataRows.Read(In("data"), new()).Select(row => row.Question.Text));
        Assert.True(DataFile.Exists(In("data/test-*.jsonl")) && DataFile.Exists(In("train")) && !DataFile.Exists(In("data/valid-*.jsonl")));
        Assert.StartsWith(In("data/valid-*.jsonl"), Assert.Throws<InvalidDataException>(() => Questions("data/valid-*.jsonl")).Message);
        Directory.CreateDirectory(In("empty"));
        Assert.StartsWith(In("empty"), Assert.Throws<InvalidDataException>(() => Questions("empty")).Message);
    }

    [Fact]
    public void A_solution_beside_a_gold_answer_may_be_empty_in_any_row()
    {
        string file = Write(
            "a.jsonl",
            "{\"problem\": \"a\", \"solution\": null, \"answer\": \"1\"}\n{\"problem\": \"b\", \"solution\": \"so it is 2\", "
                + "\"answer\": \"2\"}\n{\"problem\": \"c\", \"solution\": \"\", \"answer\": \"3\"}\n"
        );
        Assert.Equal(["1", "so it is 2", "3"], DataRows.Read(file, new()).Select(row => row.Solution));
        File.WriteAllText(file, "{\"question\": null, \"answer\": 1}");
        Assert.Contains("'question' is null", Assert.Throws<InvalidDataException>(() => DataRows.Read(file, new())).Message);
    }

    [Fact]
    public void Copies_of_a_question_that_differ_in_white_space_fall_on_one_side()
    {
        string file = Write(
            "a.jsonl",
            string.Concat(Enumerable.Range(0, 400).Select(i => Row($"What is\\n {i}  plus 1? ") + Row($"What is {i} plus 1?")))
        );
        var task = new JsonlTask(
            new()
            {
                Path = file,
                HeldOutShare = 0.5,
                DemonstrationMinimumLength = 0,
            }
        );
        HashSet<string> heldOut = [.. task.HeldOut(1, 800).Select(q => Bare(q.Text))];
        Assert.InRange(heldOut.Count, 100, 300);
        Assert.DoesNotContain(Enumerable.Range(0, task.TrainingCount), i => heldOut.Contains(Bare(task.Train(1, i).Text)));
        Assert.All(Enumerable.Range(0, 50), i =>
            Assert.DoesNotContain(task.Demonstrate(task.Train(1, i), 3, 300), d => Bare(d.Question) == Bare(task.Train(1, i).Text))
        );
    }

    private static string Bare(string text) => string.Join(' ', text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static string Row(string question) => $"{{\"question\": \"{question}\", \"answer\": 1}}\n";

    private string In(string name) => _folder.In(name);

    private string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(name))!);
        File.WriteAllText(In(name), text);
        return In(name);
    }

    private string Pack(string name, string text)
    {
        using var gzip = new GZipStream(File.Create(In(name)), CompressionLevel.Fastest);
        gzip.Write(Encoding.UTF8.GetBytes(text));
        return In(name);
    }
}
