using System.Text.Json.Nodes;
using ICPO.Actors.Inference;
using ICPO.Actors.Serving.Requests;

namespace ICPO.Actors.Serving.Responses;

/// <summary>Responses of <c>/v1/completions</c>.</summary>
internal sealed class CompletionForm : IResponseForm
{
    public string IdPrefix => "cmpl-";

    public string Kind => "text_completion";

    public string PartKind => Kind;

    public void AddFields(JsonObject response, TextRequest request) { }

    public JsonObject Whole(Choice choice, TextRequest request, TokenTexts texts) => Create(choice, choice.Text, start: 0, request, texts);

    public JsonObject? First(Choice choice, TextRequest request) => null;

    public JsonObject Part(Choice choice, TextRequest request, TokenTexts texts)
    {
        CompletionToken last = choice.Tokens[^1];
        return Create(choice, last.Text, choice.Tokens.Count - 1, request, texts);
    }

    /// <param name="start">The first token whose log-probability and id are written.</param>
    private static JsonObject Create(Choice choice, string text, int start, TextRequest request, TokenTexts texts)
    {
        var json = new JsonObject
        {
            ["index"] = choice.Index,
            ["text"] = text,
            ["logprobs"] = request.Response.LogProbs ? LogProbJson.Arrays(choice, start, request.Options.Alternatives, texts) : null,
            ["finish_reason"] = choice.FinishName,
        };
        if (request.Response.TokenIds)
        {
            json["prompt_token_ids"] = start == 0 ? IdsJson.Create(choice.Prompt.Ids) : null;
            json["token_ids"] = IdsJson.Create(choice.Tokens.Skip(start).Select(token => token.Token));
        }

        return json;
    }
}
