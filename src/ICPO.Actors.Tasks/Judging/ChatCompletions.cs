using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Http;
using ICPO.Actors.Tasks.Rewards;

namespace ICPO.Actors.Tasks.Judging;

/// <summary>A model behind the chat completions of an OpenAI-compatible server (vLLM, SGLang, llama-server and others).</summary>
internal sealed class ChatCompletions(HttpPost post, JudgeSettings settings, TimeSpan timeout) : IJudgeModel
{
    /// <exception cref="HttpFailureException">The server gave no usable response in time.</exception>
    /// <exception cref="InvalidDataException">The response has another form; the message is a clause after "the service sent".</exception>
    public async Task<string?> AskAsync(ImmutableArray<ChatMessage> messages, CancellationToken cancellationToken)
    {
        byte[] body = await post.SendAsync(Body(messages), timeout, maxAttempts: null, cancellationToken).ConfigureAwait(false);
        JsonElement response = RewardAnswer.Parse(body);
        if (
            !response.TryGetProperty("choices", out JsonElement choices)
            || choices.ValueKind != JsonValueKind.Array
            || choices.GetArrayLength() != 1
            || choices[0].ValueKind != JsonValueKind.Object
            || !choices[0].TryGetProperty("message", out JsonElement message)
            || message.ValueKind != JsonValueKind.Object
        )
        {
            throw new InvalidDataException("an object without one choice that has a message");
        }

        bool isCut =
            choices[0].TryGetProperty("finish_reason", out JsonElement reason)
            && reason.ValueKind == JsonValueKind.String
            && RewardAnswer.Text(reason) == "length";
        return !isCut && message.TryGetProperty("content", out JsonElement content) && content.ValueKind == JsonValueKind.String
            ? RewardAnswer.Text(content)
            : null;
    }

    private byte[] Body(ImmutableArray<ChatMessage> messages)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("model", settings.Model);
            writer.WriteNumber("temperature", settings.Temperature);
            writer.WriteNumber("max_tokens", settings.MaxTokens);
            writer.WriteStartArray("messages");
            foreach (ChatMessage message in messages)
            {
                writer.WriteStartObject();
                writer.WriteString("role", message.Role);
                writer.WriteString("content", message.Content);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
