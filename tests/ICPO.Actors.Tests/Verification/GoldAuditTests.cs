using System.Text.Json;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Tasks.Datasets;
using ICPO.Actors.Tasks.Verifiers;
using ICPO.Actors.Verification;

namespace ICPO.Actors.Tests.Verification;

/// <summary>What a run reports about its reference answers before it starts.</summary>
public sealed class GoldAuditTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Refused_answers_are_left_out_and_the_first_ten_are_named_by_id()
    {
        string?[] answers =
        [
            .. Enumerable.Range(0, 20).Select(i => $"{i}"),
            .. Enumerable.Range(0, 12).Select(_ => "No, the clock is not on the left side."),
            "proof",
            null,
        ];
        JsonlTask task = Task(answers);
        var audit = GoldAudit.Check(task, new MathVerifier(new()), UnreadableGolds.LeaveOut);
        Assert.Equal(20, audit.Task.HeldOutQuestions);
        string note = Assert.Single(audit.Notes);
        Assert.Matches(@"\b34\b.*\b20\b", note);
        Assert.Contains("12 refused", note);
        Assert.Contains("1 placeholders, 1 null", note);
        Assert.Equal(
            10,
            Enumerable
                .Range(1, 34)
                .Count(line =>
                    note.Contains($".jsonl:{line},", StringComparison.Ordinal) || note.Contains($".jsonl:{line};", StringComparison.Ordinal)
                )
        );
    }

    [Fact]
    public void A_data_set_that_is_read_whole_has_no_note()
    {
        JsonlTask task = Task("1", "2", @"\frac12");
        var audit = GoldAudit.Check(task, new MathVerifier(new()), UnreadableGolds.Stop);
        Assert.Same(task, audit.Task);
        Assert.Empty(audit.Notes);
    }

    [Fact]
    public void A_key_ends_the_run_and_so_does_a_data_set_of_which_nothing_can_be_read()
    {
        MathVerifier verifier = new(new());
        Assert.Contains(
            "verification.unreadable-golds",
            Assert.Throws<InvalidDataException>(() => GoldAudit.Check(Task("1", "at least 4"), verifier, UnreadableGolds.Stop)).Message
        );
        Assert.Contains(
            "verification.verifier",
            Assert
                .Throws<InvalidDataException>(() => GoldAudit.Check(Task("at least 3", "at least 4"), verifier, UnreadableGolds.LeaveOut))
                .Message
        );
    }

    private JsonlTask Task(params string?[] answers)
    {
        string file = _folder.In($"{Guid.NewGuid():N}.jsonl");
        File.WriteAllLines(file, answers.Select((a, i) => JsonSerializer.Serialize(new { question = $"What is {i}?", answer = a })));
        return new(new JsonlSettings { HeldOutPath = file });
    }
}
