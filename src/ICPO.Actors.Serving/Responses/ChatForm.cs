using System.Text.Json.Nodes;
using ICPO.Actors.Inference;
using ICPO.Actors.Serving.Requests;

namespace ICPO.Actors.Serving.Responses;

/// <summary>Responses of <c>/v1/chat/completions</c>.</summary>
internal sealed class ChatForm : IResponseForm
{
    private const string Role = "assistant";

    public string IdPrefix => "chatcmpl-";

    public string Kind => "chat.completion";

    public string PartKind => "chat.completion.chunk";

    public void AddFields(JsonObject response, TextRequest request)
    {
        if (request.Response.TokenIds)
        {
            response["prompt_token_ids"] = IdsJson.Create(request.Prompts[0].Ids);
        }
    }

    public JsonObject Whole(Choice choice, TextRequest request, TokenTexts texts)
    {
        var message = new JsonObject
        {
            ["role"] = Role,
            ["content"] = choice.Text,
            ["refusal"] = null,
        };
        return Create(choice, "message", message, start: 0, request, texts);
    }

    public JsonObject? First(Choice choice, TextRequest request) =>
        new()
        {
            ["index"] = choice.Index,
            ["delta"] = new JsonObject { ["role"] = Role, ["content"] = "" },
            ["logprobs"] = null,
            ["finish_reason"] = null,
        };

    public JsonObject Part(Choice choice, TextRequest request, TokenTexts texts)
    {
        CompletionToken last = choice.Tokens[^1];
        JsonObject delta = last.Text.Length > 0 ? new() { ["content"] = last.Text } : [];
        return Create(choice, "delta", delta, choice.Tokens.Count - 1, request, texts);
    }

    private static JsonObject Create(Choice choice, string name, JsonObject content, int start, TextRequest request, TokenTexts texts)
    {
        var json = new JsonObject
        {
            ["index"] = choice.Index,
            [name] = content,
            ["logprobs"] = request.Response.LogProbs ? LogProbJson.Objects(choice, start, texts) : null,
            ["finish_reason"] = choice.FinishName,
        };
        if (request.Response.TokenIds)
        {
            json["token_ids"] = IdsJson.Create(choice.Tokens.Skip(start).Select(token => token.Token));
        }

        return json;
    }
}
