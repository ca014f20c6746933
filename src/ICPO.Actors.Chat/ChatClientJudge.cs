using System.Collections.Immutable;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Judging;
using ICPO.Actors.Tasks.Rewards;
using ICPO.Actors.Tasks.Verifiers;
using Microsoft.Extensions.AI;

namespace ICPO.Actors.Chat;

/// <summary>
/// A chat client as a judge: register <see cref="Create"/>'s result as the <see cref="IVerifier"/> of a host app. The deadline of a verdict
/// is <c>verification.timeout</c>.
/// </summary>
public sealed class ChatClientJudge : IJudgeModel
{
    private readonly IChatClient _client;
    private readonly ChatOptions _options;

    private ChatClientJudge(IChatClient client, JudgeSettings settings) =>
        (_client, _options) = (
            client,
            new ChatOptions
            {
                ModelId = settings.Model.Length > 0 ? settings.Model : null,
                Temperature = (float)settings.Temperature,
                MaxOutputTokens = settings.MaxTokens,
            }
        );

    /// <summary>A verifier that asks a chat client.</summary>
    /// <param name="client">The client; not disposed.</param>
    /// <param name="settings">The rubric and how the answer is read. Its address and secret are not used.</param>
    /// <param name="rewards">The range of the rewards; null takes 0 to 1.</param>
    /// <exception cref="ArgumentException">A setting is invalid.</exception>
    public static IVerifier Create(IChatClient client, JudgeSettings settings, RewardScale? rewards = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(settings);
        return new ModelJudge(new ChatClientJudge(client, settings), settings, rewards);
    }

    /// <inheritdoc/>
    public async Task<string?> AskAsync(ImmutableArray<Contracts.Tasks.ChatMessage> messages, CancellationToken cancellationToken)
    {
        ChatResponse response = await _client
            .GetResponseAsync(
                messages.Select(message => new Microsoft.Extensions.AI.ChatMessage(new ChatRole(message.Role), message.Content)),
                _options.Clone(),
                cancellationToken
            )
            .ConfigureAwait(false);
        return response.FinishReason is { } reason && reason != ChatFinishReason.Stop ? null : response.Text;
    }
}
