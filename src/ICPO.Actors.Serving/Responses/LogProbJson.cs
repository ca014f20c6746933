using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using ICPO.Actors.Inference;
using ICPO.Actors.Modeling.Inference;

namespace ICPO.Actors.Serving.Responses;

/// <summary>Log-probabilities of a response's tokens, from one position on.</summary>
internal static class LogProbJson
{
    private const char Broken = '\uFFFD';

    /// <summary>As <c>/v1/completions</c> returns them: one array per property.</summary>
    public static JsonObject Arrays(Choice choice, int start, int alternatives, TokenTexts texts)
    {
        (JsonArray tokens, JsonArray logProbs, JsonArray top, JsonArray offsets) = ([], [], [], []);
        for (int at = start; at < choice.Tokens.Count; at++)
        {
            CompletionToken token = choice.Tokens[at];
            int previous = choice.Before(at);
            string text = texts.Of(previous, token.Token);
            tokens.Add(text);
            logProbs.Add((double)token.LogProb);
            offsets.Add(choice.Written);
            choice.Written += text.Length;
            top.Add((JsonNode?)(alternatives > 0 ? Map(token, previous, texts) : null));
        }

        return new JsonObject
        {
            ["tokens"] = tokens,
            ["token_logprobs"] = logProbs,
            ["top_logprobs"] = alternatives > 0 ? top : null,
            ["text_offset"] = offsets,
        };
    }

    /// <summary>As <c>/v1/chat/completions</c> returns them: one object per token.</summary>
    public static JsonObject Objects(Choice choice, int start, TokenTexts texts)
    {
        JsonArray content = [];
        for (int at = start; at < choice.Tokens.Count; at++)
        {
            CompletionToken token = choice.Tokens[at];
            int previous = choice.Before(at);
            JsonObject one = Entry(texts.Of(previous, token.Token), token.LogProb);
            one["top_logprobs"] = new JsonArray([
                .. Alternatives(token).Select(other => (JsonNode)Entry(texts.Of(previous, other.Token), other.LogProb)),
            ]);
            content.Add((JsonNode)one);
        }

        return new JsonObject { ["content"] = content, ["refusal"] = null };
    }

    /// <summary>The most probable tokens and the drawn one, by text; of several with the same text the most probable one.</summary>
    private static JsonObject Map(CompletionToken token, int previous, TokenTexts texts)
    {
        JsonObject map = [];
        foreach (TokenLogProb other in Alternatives(token).Append(new TokenLogProb(token.Token, token.LogProb)))
        {
            map.TryAdd(texts.Of(previous, other.Token), (double)other.LogProb);
        }

        return map;
    }

    private static JsonObject Entry(string text, float logProb) =>
        new()
        {
            ["token"] = text,
            ["logprob"] = (double)logProb,
            ["bytes"] = text.Contains(Broken, StringComparison.Ordinal)
                ? null
                : new JsonArray([.. Encoding.UTF8.GetBytes(text).Select(one => (JsonNode)(int)one)]),
        };

    private static ImmutableArray<TokenLogProb> Alternatives(CompletionToken token) =>
        token.Alternatives.IsDefault ? [] : token.Alternatives;
}
