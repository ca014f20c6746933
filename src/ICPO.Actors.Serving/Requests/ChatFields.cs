using System.Collections.Frozen;
using System.Text.Json;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Inference;
using ICPO.Actors.Serving.Errors;

namespace ICPO.Actors.Serving.Requests;

/// <summary>Requests of <c>/v1/chat/completions</c>.</summary>
internal static class ChatFields
{
    private const string Messages = "messages";
    private const string SystemRole = "system";

    private static readonly FrozenSet<string> Supported = [.. SamplingFields.Names, Messages, "max_completion_tokens", "top_logprobs"];

    /// <exception cref="ApiException">A field cannot be used; names it.</exception>
    public static TextRequest Read(RequestFields fields, ServedModel served)
    {
        NeutralFields.Require(fields, Supported);
        SamplingFields.RequireModel(fields, served);
        bool logProbs = fields.Flag("logprobs");
        int? alternatives = fields.Count("top_logprobs", 0, GenerationOptions.MaxAlternatives);
        if (alternatives is not null && !logProbs)
        {
            throw ApiException.Invalid("top_logprobs", "top_logprobs is only allowed with logprobs = true.");
        }

        return new TextRequest
        {
            Samples = SamplingFields.Samples(fields, 1, served),
            Options = SamplingFields.Read(fields, served, MaxTokens(fields), ("top_logprobs", alternatives ?? 0)),
            Response = SamplingFields.Response(fields, logProbs),
            Prompts = [SamplingFields.RequireFitting(Encode(Chat(fields), served), Messages, served)],
        };
    }

    private static int? MaxTokens(RequestFields fields)
    {
        int? max = fields.Count("max_tokens", 1, int.MaxValue);
        int? completion = fields.Count("max_completion_tokens", 1, int.MaxValue);
        return max is not null && completion is not null && max != completion
            ? throw ApiException.Invalid("max_tokens", "max_tokens and max_completion_tokens differ; give one of them.")
            : completion ?? max;
    }

    private static ChatMessage[] Chat(RequestFields fields) =>
        fields.Find(Messages) is { ValueKind: JsonValueKind.Array } messages && messages.GetArrayLength() > 0
            ? [.. messages.EnumerateArray().Select((message, index) => Message(message, $"{Messages}[{index}]"))]
            : throw fields.Wrong(Messages, "an array with at least one message");

    private static ChatMessage Message(JsonElement message, string path)
    {
        var fields = RequestFields.Create(message, path);
        string role = fields.Text("role") switch
        {
            SystemRole or "developer" => SystemRole,
            ("user" or "assistant") and var known => known,
            _ => throw fields.Wrong("role", "system, developer, user or assistant"),
        };
        string? other = fields.Names.FirstOrDefault(name => name is not ("role" or "content" or "name") && !IsEmptyArray(fields, name));
        if (other is not null)
        {
            throw ApiException.Invalid(
                fields.PathOf(other),
                $"'{fields.PathOf(other)}' is not supported: messages have a role and a text.",
                "unsupported_parameter"
            );
        }

        return fields.Find("content") is { } content
            ? new ChatMessage(role, Content(content, fields.PathOf("content")))
            : throw fields.Wrong("content", "a string, or an array of parts of type text");
    }

    /// <summary>A text, or the texts of several parts.</summary>
    private static string Content(JsonElement content, string path) =>
        content.ValueKind == JsonValueKind.Array
            ? string.Concat(content.EnumerateArray().Select((part, index) => Part(part, $"{path}[{index}]")))
            : RequestFields.TextOf(content, path);

    private static string Part(JsonElement part, string path)
    {
        var fields = RequestFields.Create(part, path);
        return fields.Text("type") == "text" && fields.Text("text") is { } text
            ? text
            : throw ApiException.Invalid(path, $"{path} must be a part of type text: the model reads text only.", "unsupported_parameter");
    }

    private static bool IsEmptyArray(RequestFields fields, string name) =>
        fields.Find(name) is { ValueKind: JsonValueKind.Array } value && value.GetArrayLength() == 0;

    private static ModelPrompt Encode(ChatMessage[] chat, ServedModel served)
    {
        try
        {
            return served.Model.Chat(chat);
        }
        catch (Exception error) when (error is ArgumentException or InvalidDataException)
        {
            throw ApiException.Invalid(Messages, error.Message);
        }
    }
}
