using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Judging;
using Microsoft.Extensions.AI;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace ICPO.Actors.Chat.Tests;

/// <summary>Any chat client as a judge.</summary>
public sealed class ChatClientJudgeTests
{
    [Theory]
    [InlineData("Reward: 0.5", "stop", 0.5)]
    [InlineData("Reward: 0.5", null, 0.5)]
    [InlineData("Reward: 0.5", "length", null)]
    [InlineData("Reward: 0.5", "content_filter", null)]
    [InlineData("I refuse.", "stop", null)]
    [InlineData("", "stop", null)]
    public async Task Only_a_complete_answer_with_a_reward_is_one(string answer, string? reason, double? expected)
    {
        using var client = new Canned(answer, reason is null ? null : new ChatFinishReason(reason));
        var settings = new JudgeSettings
        {
            Model = "some-model",
            Rubric = "Rate {response}.",
            MaxTokens = 7,
        };
        Judgment judgment = await ChatClientJudge
            .Create(client, settings)
            .VerifyAsync(
                new Question
                {
                    Id = "q",
                    Text = "?",
                    Answer = "4",
                },
                "four",
                FinishReason.Stop,
                CancellationToken.None
            );
        Assert.Equal(expected, judgment.Reward);
        Assert.Equal(expected is null, judgment.IsFault);
        Assert.Equal(
            ("Rate four.", "some-model", 7, 0f),
            (client.Asked, client.Options!.ModelId, client.Options.MaxOutputTokens, client.Options.Temperature)
        );
    }

    private sealed class Canned(string answer, ChatFinishReason? reason) : IChatClient
    {
        public string? Asked { get; private set; }

        public ChatOptions? Options { get; private set; }

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        )
        {
            (Asked, Options) = (messages.Single().Text, options);
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, answer)) { FinishReason = reason });
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        ) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() { }
    }
}
