using System.Collections.Immutable;
using System.Text.Json;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Judging;
using ICPO.Actors.Tasks.Processes;
using ICPO.Actors.Tasks.Rewards;
using ICPO.Actors.Tasks.Verifiers;
using Microsoft.AspNetCore.Http;

namespace ICPO.Actors.Tasks.Tests.Http;

/// <summary>Models that judge by a rubric: an answer without a reward is a fault, never a reward of 0.</summary>
public sealed class JudgeVerifierTests
{
    private const string Rubric = "Question: {question} Gold: {gold} Response: {response} End with Reward: a number from 0 to 10.";
    private static readonly TimeSpan Far = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("Reward: 7", Verdict.Wrong, 0.7)]
    [InlineData("At first I thought Reward: 2, but no. **reward = 10**", Verdict.Correct, 1)]
    [InlineData("Reward: 0", Verdict.Wrong, 0)]
    [InlineData("REWARD: 2.5", Verdict.Wrong, 0.25)]
    [InlineData("Reward: 7.", Verdict.Wrong, 0.7)]
    [InlineData("Reward: 7, since it is short.", Verdict.Wrong, 0.7)]
    [InlineData("Reward: 7 - a good answer", Verdict.Wrong, 0.7)]
    [InlineData("Reward: 1/10? No. Reward: 8", Verdict.Wrong, 0.8)]
    public async Task The_last_match_of_the_answer_is_the_reward(string answer, Verdict verdict, double reward)
    {
        Judgment judgment = await JudgeAsync(answer);
        Assert.Equal((verdict, reward), (judgment.Verdict, judgment.Reward!.Value));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("I cannot judge this.")]
    [InlineData("Reward: high")]
    [InlineData("Reward: NaN")]
    [InlineData("Reward: 11")]
    [InlineData("Reward: -1")]
    [InlineData("Reward:")]
    [InlineData("Reward: 1/10")]
    [InlineData("Reward: 0, or rather Reward: 10 / 10")]
    [InlineData("Reward: 7 out of 10")]
    [InlineData("Reward: 7 of 10")]
    [InlineData("Reward: 10%")]
    [InlineData("Reward: 1 %")]
    [InlineData("Reward: 3-4")]
    [InlineData("Reward: 3 \u2013 4")]
    [InlineData("Reward: 3 to 4")]
    [InlineData("Reward: 2,5")]
    [InlineData("Reward: 1.2.3")]
    [InlineData("Reward: 7th")]
    public async Task An_answer_without_a_reward_is_a_fault(string? answer)
    {
        Judgment judgment = await JudgeAsync(answer);
        Assert.Equal((Verdict.Crashed, null), (judgment.Verdict, judgment.Reward));
        Assert.NotNull(judgment.Detail);
    }

    [Fact]
    public async Task Texts_are_put_into_the_rubric_once()
    {
        var model = new Canned("Reward: 1");
        await new ModelJudge(model, Settings(""), Scale).VerifyAsync(
            Ask("Is {gold} right?", "{response}"),
            "{question} $1",
            default,
            default
        );
        Assert.Equal(
            [
                new ChatMessage("system", "Be strict."),
                new ChatMessage(
                    "user",
                    "Question: Is {gold} right? Gold: {response} Response: {question} $1 End with Reward: a number from 0 to 10."
                ),
            ],
            model.Asked
        );
    }

    [Theory]
    [InlineData("No placeholder", @"(\d)")]
    [InlineData(Rubric, @"(\d")]
    [InlineData(Rubric, @"\d")]
    public void A_rubric_that_cannot_work_is_refused(string rubric, string pattern) =>
        Assert.Throws<ArgumentException>(() =>
            new ModelJudge(new Canned(""), Settings("") with { Rubric = rubric, Pattern = pattern }, Scale)
        );

    [Fact]
    public async Task A_server_is_asked_for_chat_completions()
    {
        await using ChatService server = await ChatService.StartAsync(_ => Choice("Reward: 3", "stop"));
        await using JudgeVerifier judge = Judge(server.Url);
        judge.RequireStartable();
        Judgment[] judgments = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => AskAsync(judge, "four")));
        Assert.All(judgments, judgment => Assert.Equal(0.3, judgment.Reward));
        JsonElement request = server.Requests.First();
        Assert.Equal("judge-model", request.GetProperty("model").GetString());
        Assert.Equal(0, request.GetProperty("temperature").GetDouble());
        Assert.Equal(["system", "user"], request.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("role").GetString()));
        Assert.Contains("four", request.GetProperty("messages")[1].GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"choices\": []}")]
    [InlineData("{\"choices\": [1]}")]
    [InlineData("{\"choices\": [{\"finish_reason\": \"stop\"}]}")]
    [InlineData("{\"choices\": [{\"message\": {\"content\": null}, \"finish_reason\": \"stop\"}]}")]
    [InlineData("{\"choices\": [{\"message\": {\"content\": [\"Reward: 1\"]}, \"finish_reason\": \"stop\"}]}")]
    [InlineData("{\"choices\": [{\"message\": {\"content\": \"Reward: 1\"}, \"finish_reason\": \"length\"}]}")]
    [InlineData("{\"choices\": [{\"message\": {\"content\": \"\\ud800 Reward: 1\"}, \"finish_reason\": 7}]}")]
    [InlineData("{\"choices\": [{\"message\": [], \"finish_reason\": null}]}")]
    [InlineData("{\"error\": {\"message\": \"overloaded\"}}")]
    public async Task A_server_that_answers_something_else_gives_no_reward(string body)
    {
        await using ChatService server = await ChatService.StartAsync(context => Good(context) ? Choice("Reward: 5", "stop") : body);
        await using JudgeVerifier judge = Judge(server.Url);
        Assert.Equal(0.5, (await AskAsync(judge, "good")).Reward);
        Judgment judgment = await AskAsync(judge, "bad");
        Assert.Equal((Verdict.Crashed, null), (judgment.Verdict, judgment.Reward));
        Assert.Equal(0.5, (await AskAsync(judge, "good")).Reward);
    }

    [Fact]
    public async Task A_server_that_is_not_there_makes_the_judge_unavailable()
    {
        await using JudgeVerifier judge = Judge($"http://localhost:{FreePorts.Take(1)[0]}/v1/chat/completions");
        await Assert.ThrowsAsync<VerifierUnavailableException>(() => AskAsync(judge, "x"));
        await Assert.ThrowsAsync<VerifierUnavailableException>(() => AskAsync(judge, "x"));
    }

    private static RewardScale Scale { get; } = new() { Maximum = 10, CorrectFrom = 10 };

    private static bool Good(HttpContext context) =>
        context.Items["body"]!.ToString()!.Contains("Response: good", StringComparison.Ordinal);

    private static string Choice(string content, string reason) =>
        $"{{\"choices\":[{{\"message\":{{\"role\":\"assistant\",\"content\":\"{content}\"}},\"finish_reason\":\"{reason}\"}}]}}";

    private static Task<Judgment> JudgeAsync(string? answer) =>
        new ModelJudge(new Canned(answer), Settings(""), Scale).VerifyAsync(Ask("2 + 2?", "4"), "four", default, default).AsTask();

    private static Task<Judgment> AskAsync(JudgeVerifier judge, string response) =>
        judge.VerifyAsync(Ask("2 + 2?", "4"), response, FinishReason.Stop, default).AsTask().WaitAsync(Far);

    private static JudgeVerifier Judge(string url) =>
        new(
            new()
            {
                Judge = Settings(url),
                Rewards = Scale,
                Limits = new(TimeSpan.FromSeconds(30), 3),
            }
        );

    private static JudgeSettings Settings(string url) =>
        new()
        {
            Url = url,
            Model = "judge-model",
            System = "Be strict.",
            Rubric = Rubric,
            RetryDelay = TimeSpan.FromMilliseconds(5),
        };

    private static Question Ask(string text, string gold) =>
        new()
        {
            Id = "q",
            Text = text,
            Answer = gold,
        };

    private sealed class Canned(string? answer) : IJudgeModel
    {
        public ImmutableArray<ChatMessage> Asked { get; private set; } = [];

        public Task<string?> AskAsync(ImmutableArray<ChatMessage> messages, CancellationToken cancellationToken)
        {
            Asked = messages;
            return Task.FromResult(answer);
        }
    }
}
