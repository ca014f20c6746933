using ICPO.Actors.Inference;
using Microsoft.Extensions.AI;

namespace ICPO.Actors.Chat;

/// <summary>A request in the model's terms.</summary>
/// <param name="Messages">The conversation, instructions first.</param>
/// <param name="Options">How the response is sampled.</param>
internal sealed record ChatRequest(IReadOnlyList<Contracts.Tasks.ChatMessage> Messages, GenerationOptions Options)
{
    /// <exception cref="NotSupportedException">An option or a content is not supported; names it.</exception>
    public static ChatRequest Create(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        options ??= new ChatOptions();
        if (Unsupported(options) is { } name)
        {
            throw new NotSupportedException($"ChatOptions.{name} is not supported by a model of ICPO.Actors; leave it unset.");
        }

        Contracts.Tasks.ChatMessage[] system = string.IsNullOrEmpty(options.Instructions)
            ? []
            : [new(ChatRole.System.Value, options.Instructions)];
        return new ChatRequest(
            [.. system, .. messages.Select(message => new Contracts.Tasks.ChatMessage(message.Role.Value, Text(message)))],
            Sampling(options)
        );
    }

    private static GenerationOptions Sampling(ChatOptions options)
    {
        var defaults = new GenerationOptions();
        return new GenerationOptions
        {
            Temperature = options.Temperature ?? defaults.Temperature,
            TopP = options.TopP ?? defaults.TopP,
            TopK = options.TopK ?? defaults.TopK,
            MaxTokens = options.MaxOutputTokens,
            Seed = options.Seed is { } seed ? unchecked((ulong)seed) : null,
            StopStrings = [.. options.StopSequences ?? []],
        };
    }

    private static string? Unsupported(ChatOptions options) =>
        options.Tools is { Count: > 0 } ? nameof(options.Tools)
        : options.ResponseFormat is ChatResponseFormatJson ? nameof(options.ResponseFormat)
        : options.FrequencyPenalty is not (null or 0) ? nameof(options.FrequencyPenalty)
        : options.PresencePenalty is not (null or 0) ? nameof(options.PresencePenalty)
        : null;

    private static string Text(ChatMessage message)
    {
        AIContent? other = message.Contents.FirstOrDefault(content => content is not (TextContent or TextReasoningContent or UsageContent));
        return other is null
            ? message.Text
            : throw new NotSupportedException(
                $"A message of {message.Role} holds {other.GetType().Name}; a model of ICPO.Actors reads text only."
            );
    }
}
