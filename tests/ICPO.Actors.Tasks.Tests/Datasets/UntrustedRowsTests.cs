using ICPO.Actors.Tasks.Datasets;

namespace ICPO.Actors.Tasks.Tests.Datasets;

/// <summary>Rows that may hold anything, read as questions.</summary>
public sealed class UntrustedRowsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Rows =>
        [
            """{"question":"q","answer":"1","\ud800":1}""",
            """{"\ud800":1}""",
            """{"prompt":[{"role":"user","content":"q","\ud800":1}],"answer":"1"}""",
            """{"prompt":[{"role":"user","content":"\ud800"}],"answer":"1"}""",
            """{"prompt":[{"role":"\ud800","content":"q"}],"answer":"1"}""",
            """{"prompt":[{"content":"q"}],"answer":"1"}""",
            """{"prompt":[["user","q"]],"answer":"1"}""",
            """{"prompt":[],"answer":"1"}""",
            """{"question":"q\udc00","answer":"1"}""",
            """{"question":"q","answer":["1","\ud800"]}""",
            """{"question":"q","answer":["1",{"a":1}]}""",
            """{"question":"q","answer":[]}""",
            """{"question":"q","answer":{"a":"1"}}""",
            """{"question":["q"],"answer":"1"}""",
            """{"question":"q","answer":"1","level":"\ud800"}""",
            """{"question":null,"answer":"1"}""",
            """{}""",
        ];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reported_rows_are_refused()
    {
        foreach (string path in Untrusted.Files("jsonl"))
        {
            Untrusted.Refused<InvalidDataException>(new FileInfo(path).Length, () => DataRows.Read(path, new FieldMapping()));
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_without_a_question_and_its_answer_is_refused_with_its_line(string row)
    {
        string path = _folder.Write("rows.jsonl", $"{row}\n");
        Assert.StartsWith(
            path + ":1",
            Untrusted.Refused<InvalidDataException>(row.Length, () => DataRows.Read(path, new FieldMapping())).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Long_chats_and_lists_of_answers_cost_memory_in_proportion()
    {
        string chat = string.Join(',', Enumerable.Repeat("""{"role":"user","content":"x"}""", 30_000));
        string answers = string.Join(',', Enumerable.Repeat("\"1\"", 100_000));
        string text =
            $"{{\"prompt\":[{chat}],\"reward_model\":{{\"ground_truth\":\"1\"}}}}\n"
            + $"{{\"prompt\":[{chat}],\"reward_model\":{{\"ground_truth\":[{answers},[\"x\"]]}}}}\n";
        string path = _folder.Write("rows.jsonl", text);
        Untrusted.Refused<InvalidDataException>(text.Length, () => DataRows.Read(path, new FieldMapping()));
    }

    [Theory]
    [InlineData("""{"id":"\ud800","pass_rate":0.5}""")]
    [InlineData("""{"id":"a","pass_rate":1e999}""")]
    [InlineData("""{"id":"a","pass_rate":"0.5"}""")]
    [InlineData("""{"\ud800":"a","pass_rate":0.5}""")]
    public void A_pass_rate_that_cannot_be_read_is_refused_with_its_line(string row)
    {
        string rates = _folder.Write("rates.jsonl", row);
        string rows = _folder.Write("rows.jsonl", """{"id":"a","question":"q","answer":"1"}""");
        var settings = new JsonlSettings { Path = rows, PassRatePath = rates };
        Assert.StartsWith(
            rates + ":1",
            Assert.Throws<InvalidDataException>(() => PassRates.Filter(DataRows.Read(rows, new FieldMapping()), settings)).Message,
            StringComparison.Ordinal
        );
    }
}
