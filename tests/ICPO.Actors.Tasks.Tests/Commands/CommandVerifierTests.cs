using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Processes;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Tasks.Tests.Commands;

/// <summary>Commands that judge, and commands that do everything else: no fault becomes a reward, and no fault stops the others.</summary>
public sealed class CommandVerifierTests : IDisposable
{
    /// <summary>The id of the case in the variable <c>line</c>, as the shell finds it.</summary>
    private const string Id = "id=${line#*\\\"id\\\":\\\"}; id=${id%%\\\"*}";

    /// <summary>The response in the variable <c>line</c>.</summary>
    private const string Response = "response=${line#*\\\"response\\\":\\\"}; response=${response%%\\\"*}";

    private readonly TemporaryFolder _folder = new();

    public CommandVerifierTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The commands of this test are shell scripts.");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1", Verdict.Correct, 1)]
    [InlineData("0", Verdict.Wrong, 0)]
    [InlineData("0.25", Verdict.Wrong, 0.25)]
    [InlineData("1e-3", Verdict.Wrong, 0.001)]
    [InlineData("0.5, \"verdict\": \"correct\"", Verdict.Correct, 0.5)]
    [InlineData("0.5, \"verdict\": \"unparseable\", \"note\": null", Verdict.Unparseable, 0.5)]
    public async Task An_answer_is_a_judgment(string reward, Verdict verdict, double expected)
    {
        await using CommandVerifier verifier = Verifier(Answering(reward));
        Judgment judgment = await verifier.JudgeAsync("x");
        Assert.Equal((verdict, expected), (judgment.Verdict, judgment.Reward!.Value));
    }

    [Fact]
    public async Task A_process_judges_many_cases_and_notes_belong_to_their_case()
    {
        string script =
            $"while read -r line; do {Id}; {Response}; echo \"{{\\\"id\\\":\\\"$id\\\",\\\"reward\\\":1,"
            + "\\\"note\\\":\\\"$response\\\",\\\"extracted\\\":\\\"$$\\\"}\"; done";
        await using CommandVerifier verifier = Verifier(script, parallel: 3);
        Judgment[] judgments = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => verifier.JudgeAsync($"r{i}")));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"r{i}"), judgments.Select(j => j.Detail));
        Assert.InRange(judgments.Select(j => j.Extracted).Distinct().Count(), 1, 3);
        Assert.Equal(0, verifier.Replaced);
    }

    [Fact]
    public async Task A_case_has_question_gold_response_and_tags()
    {
        string seen = _folder.In("seen");
        await using CommandVerifier verifier = Verifier(
            $"while read -r line; do printf '%s\\n' \"$line\" > {seen}; {Id}; echo \"{{\\\"id\\\":\\\"$id\\\",\\\"reward\\\":1}}\"; done",
            stops: ["<end>"]
        );
        var question = new Question
        {
            Id = "q/1",
            Text = "Ünïcode \"quoted\"\nline",
            Answer = "4\\2",
            Tags = ImmutableSortedDictionary<string, string>.Empty.Add("level", "hard"),
        };
        await verifier.VerifyAsync(question, "the\u2028 \ud83d\ude00 \ud83d response<end>", FinishReason.Length, default);
        using var line = JsonDocument.Parse(await File.ReadAllTextAsync(seen));
        Assert.Equal(question.Text, line.RootElement.GetProperty("question").GetString());
        Assert.Equal(question.Answer, line.RootElement.GetProperty("gold").GetString());
        Assert.Equal("the\u2028 \ud83d\ude00 \ufffd response", line.RootElement.GetProperty("response").GetString());
        Assert.Equal("hard", line.RootElement.GetProperty("tags").GetProperty("level").GetString());
        Assert.Equal("length", line.RootElement.GetProperty("finish").GetString());
        Assert.Equal("q/1", line.RootElement.GetProperty("question_id").GetString());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"1\"")]
    [InlineData("true")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    [InlineData("-0.0001")]
    [InlineData("1.0001")]
    [InlineData("[1]")]
    [InlineData("1, \"reward\": 0")]
    [InlineData("1, \"verdict\": \"right\"")]
    [InlineData("1, \"verdict\": 1")]
    [InlineData("1, \"note\": 3")]
    [InlineData("1, \"note\": \"\\ud800\"")]
    [InlineData("1, \"verdict\": \"\\udfff\"")]
    [InlineData("1, \"error\": \"\\ud800\"")]
    [InlineData("1, \"\\ud800\": 2")]
    [InlineData("1, \"re\\ud800\": 2")]
    [InlineData("1, \"error\": \"the database is down\"")]
    [InlineData("1}{")]
    [InlineData("")]
    public async Task An_answer_without_a_valid_reward_is_a_fault_of_its_case_alone(string reward)
    {
        await using CommandVerifier verifier = Verifier(
            $"while read -r line; do {Id}; {Response}; if [ $response = bad ]; then {Echo(reward)}; else {Echo("0.5")}; fi; done"
        );
        await ExpectFaultAsync(verifier, Verdict.Crashed);
    }

    [Theory]
    [InlineData("echo hello")]
    [InlineData("echo 1")]
    [InlineData("echo '[]'")]
    [InlineData("echo '{\"reward\": 1}'")]
    [InlineData("echo '{\"id\": 7, \"reward\": 1}'")]
    [InlineData("echo '{\"id\": null, \"reward\": 1}'")]
    [InlineData("echo '{\"id\": \"0123456789abcdef\", \"reward\": 1}'")]
    [InlineData("echo '{\"id\": \"\\ud800\", \"reward\": 1}'")]
    [InlineData("printf '{\"id\": \"\\377\", \"reward\": 1}\\n'")]
    [InlineData("printf '{\"id\": \"%s\", \"reward\": 1, \"note\": \"\\377\"}\\n' $id")]
    [InlineData("printf '{\"id\": \"%s\", \"reward\": 1, \"\\377\": 2}\\n' $id")]
    [InlineData("head -c 1100000 /dev/zero | tr '\\0' a; echo")]
    [InlineData("printf '{\"id\":\"%s\",\"reward\":1}'  $id; exit 0")]
    [InlineData("exit 0")]
    [InlineData("echo no module named x >&2; exit 3")]
    [InlineData("kill -9 $$")]
    [InlineData("exec >/dev/null; sleep 600")]
    public async Task A_command_that_breaks_the_protocol_costs_its_case_a_crash(string fault)
    {
        await using CommandVerifier verifier = Verifier(Faulting(fault));
        await ExpectFaultAsync(verifier, Verdict.Crashed);
    }

    [Theory]
    [InlineData("sleep 600")]
    [InlineData("printf '{\"id\":\"%s\",' $id; sleep 600")]
    [InlineData("sleep 600 & wait")]
    public async Task A_command_that_does_not_answer_is_ended_at_the_deadline(string fault)
    {
        await using CommandVerifier verifier = Verifier(Faulting(fault), timeout: TimeSpan.FromSeconds(1));
        await ExpectFaultAsync(verifier, Verdict.TimedOut);
    }

    [Fact]
    public async Task A_child_that_outlives_its_command_and_holds_its_pipes_does_not_hold_the_case()
    {
        string child = _folder.In("child");
        await using CommandVerifier verifier = Verifier(
            Faulting($"sleep 600 & echo $! > {child}; exit 0"),
            timeout: TimeSpan.FromSeconds(1)
        );
        await ExpectFaultAsync(verifier, Verdict.TimedOut).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        using var left = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(child), CultureInfo.InvariantCulture));
        left.Kill();
    }

    [Fact]
    public async Task A_second_line_for_a_case_is_a_fault()
    {
        await using CommandVerifier verifier = Verifier(
            $"while read -r line; do {Id}; a=$({Echo("1")}); printf '%s\\n%s\\n' \"$a\" \"$a\"; done"
        );
        Assert.Equal(Verdict.Correct, (await verifier.JudgeAsync("a")).Verdict);
        Judgment next = await verifier.JudgeAsync("b");
        Assert.Equal((Verdict.Crashed, null), (next.Verdict, next.Reward));
    }

    [Fact]
    public async Task Error_output_and_blank_lines_do_not_disturb()
    {
        await using CommandVerifier verifier = Verifier(
            $"while read -r line; do {Id}; head -c 300000 /dev/zero | tr '\\0' e >&2; echo; {Echo("0.75")}; done"
        );
        Assert.Equal(0.75, (await verifier.JudgeAsync("a")).Reward);
        Assert.Equal(0.75, (await verifier.JudgeAsync("b")).Reward);
        Assert.Equal(0, verifier.Replaced);
    }

    [Theory]
    [InlineData("exit 7")]
    [InlineData("echo no such runtime >&2; exit 7")]
    [InlineData("printf '\\033[2J no such runtime' >&2; exit 7")]
    [InlineData("kill -9 $$")]
    public async Task A_command_that_never_answers_makes_the_verifier_unavailable(string script)
    {
        await using CommandVerifier verifier = Verifier(script, parallel: 1);
        VerifierUnavailableException error = await Assert.ThrowsAsync<VerifierUnavailableException>(() => verifier.JudgeAsync("x"));
        Assert.Contains("/bin/sh", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            script.Contains("runtime", StringComparison.Ordinal),
            error.Message.Contains("no such runtime", StringComparison.Ordinal)
        );
        await Assert.ThrowsAsync<VerifierUnavailableException>(() => verifier.JudgeAsync("x"));
    }

    [Fact]
    public async Task A_command_that_works_and_then_crashes_in_a_loop_becomes_unavailable()
    {
        string marker = _folder.In("works");
        await File.WriteAllTextAsync(marker, "");
        await using CommandVerifier verifier = Verifier($"[ -e {marker} ] || exit 4; {Answering("1")}", parallel: 1);
        Assert.Equal(Verdict.Correct, (await verifier.JudgeAsync("x")).Verdict);
        File.Delete(marker);
        Process.GetProcessById(Assert.Single(verifier.ProcessIds)).Kill();
        await Assert.ThrowsAsync<VerifierUnavailableException>(async () =>
        {
            for (int i = 0; i < 100; i++)
            {
                Assert.Null((await verifier.JudgeAsync("x")).Reward);
            }
        });
        await File.WriteAllTextAsync(marker, "");
        verifier.Restart();
        Assert.Equal(Verdict.Correct, (await verifier.JudgeAsync("x")).Verdict);
    }

    [Fact]
    public async Task A_slow_start_has_a_deadline_of_its_own()
    {
        await using CommandVerifier verifier = Verifier(
            $"sleep 2; {Answering("1")}",
            timeout: TimeSpan.FromSeconds(1),
            startTimeout: TimeSpan.FromMinutes(1)
        );
        Assert.Equal(Verdict.Correct, (await verifier.JudgeAsync("x")).Verdict);
        await using CommandVerifier hanging = Verifier("sleep 600", TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(500));
        Assert.Equal(Verdict.TimedOut, (await hanging.JudgeAsync("x")).Verdict);
    }

    [Fact]
    public async Task A_command_that_needs_too_much_memory_fails()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux enforces the limit.");
        string grows = "a=aaaaaaaaaaaaaaaa; while :; do a=$a$a; done";
        await using CommandVerifier verifier = Verifier(Faulting(grows), memory: 32);
        await ExpectFaultAsync(verifier, Verdict.Crashed);
    }

    [Fact]
    public async Task A_disposed_verifier_leaves_no_process()
    {
        CommandVerifier verifier = Verifier(Answering("1"));
        await verifier.JudgeAsync("x");
        int[] processes = [.. verifier.ProcessIds];
        await verifier.DisposeAsync();
        Assert.NotEmpty(processes);
        Assert.All(processes, id => Assert.False(Directory.Exists($"/proc/{id}")));
    }

    private static async Task ExpectFaultAsync(CommandVerifier verifier, Verdict expected)
    {
        Assert.Equal(0.5, (await verifier.JudgeAsync("good")).Reward);
        Judgment fault = await verifier.JudgeAsync("bad");
        Assert.Equal((expected, null), (fault.Verdict, fault.Reward));
        Assert.NotNull(fault.Detail);
        Assert.Equal(0.5, (await verifier.JudgeAsync("good")).Reward);
    }

    private static string Answering(string reward) => $"while read -r line; do {Id}; {Echo(reward)}; done";

    /// <summary>Answers with a reward and perhaps more members.</summary>
    private static string Echo(string reward) =>
        $"echo \"{{\\\"id\\\":\\\"$id\\\",\\\"reward\\\":{reward.Replace("\"", "\\\"", StringComparison.Ordinal)}}}\"";

    /// <summary>Answers 0.5, except to the response "bad".</summary>
    private static string Faulting(string fault) =>
        $"while read -r line; do {Id}; {Response}; if [ $response = bad ]; then {fault}; "
        + "else echo \"{\\\"id\\\":\\\"$id\\\",\\\"reward\\\":0.5}\"; fi; done";

    private CommandVerifier Verifier(
        string script,
        TimeSpan? timeout = null,
        TimeSpan? startTimeout = null,
        int? memory = 4096,
        int parallel = 1,
        string[]? stops = null
    )
    {
        VerifierSettings settings = Settings(["/bin/sh", "-c", script]);
        return new(
            settings with
            {
                Command = settings.Command with { StartTimeout = startTimeout ?? TimeSpan.FromSeconds(30), Memory = memory },
                Limits = new(timeout ?? TimeSpan.FromSeconds(30), parallel),
                StopStrings = [.. stops ?? []],
            }
        );
    }

    private VerifierSettings Settings(string[] run) =>
        new()
        {
            Command = new() { Run = [.. run], Directory = _folder.Path },
        };
}
