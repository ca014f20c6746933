using System.Collections.Frozen;
using System.Text.Json;
using ICPO.Actors.Inference;
using ICPO.Actors.Serving.Errors;

namespace ICPO.Actors.Serving.Requests;

/// <summary>Requests of <c>/v1/completions</c>.</summary>
internal static class CompletionFields
{
    /// <summary>The length of a response where a request names none, as clients of this interface expect.</summary>
    private const int DefaultMaxTokens = 16;

    private const string Prompt = "prompt";

    private static readonly FrozenSet<string> Supported = [.. SamplingFields.Names, Prompt, "best_of"];

    /// <exception cref="ApiException">A field cannot be used; names it.</exception>
    public static TextRequest Read(RequestFields fields, ServedModel served)
    {
        NeutralFields.Require(fields, Supported);
        SamplingFields.RequireModel(fields, served);
        if (fields.Find(Prompt) is not { } prompt)
        {
            throw ApiException.Invalid(Prompt, "prompt is missing; give a text, an array of token ids, or an array of these.");
        }

        JsonElement[] given = Prompts(prompt);
        int samples = SamplingFields.Samples(fields, given.Length, served);
        if (fields.Count("best_of", 1, served.MaxChoices) is { } best && best != samples)
        {
            throw fields.Wrong("best_of", "absent or equal to n", "unsupported_parameter");
        }

        int? alternatives = fields.Count("logprobs", 0, GenerationOptions.MaxAlternatives);
        int maxTokens = fields.Count("max_tokens", 1, int.MaxValue) ?? DefaultMaxTokens;
        return new TextRequest
        {
            Samples = samples,
            Options = SamplingFields.Read(fields, served, maxTokens, ("logprobs", alternatives ?? 0)),
            Response = SamplingFields.Response(fields, alternatives is not null),
            Prompts = [.. given.Select((one, index) => Encode(one, given.Length == 1 ? Prompt : $"{Prompt}[{index}]", served))],
        };
    }

    /// <summary>A text, or token ids, alone or in an array.</summary>
    private static JsonElement[] Prompts(JsonElement prompt)
    {
        bool isArray = prompt.ValueKind == JsonValueKind.Array;
        if (isArray && prompt.GetArrayLength() == 0)
        {
            throw ApiException.Invalid(Prompt, "prompt is empty; a model needs at least one token to continue from.");
        }

        return isArray && prompt[0].ValueKind is JsonValueKind.String or JsonValueKind.Array ? [.. prompt.EnumerateArray()] : [prompt];
    }

    private static ModelPrompt Encode(JsonElement prompt, string path, ServedModel served)
    {
        switch (prompt.ValueKind)
        {
            case JsonValueKind.String:
                return SamplingFields.RequireFitting(Encode(RequestFields.TextOf(prompt, path), path, served), path, served);
            case JsonValueKind.Array when prompt.GetArrayLength() >= served.Model.Context:
                throw SamplingFields.TooLong(path, prompt.GetArrayLength(), served);
            case JsonValueKind.Array:
                int[] ids = TokenIds.Read(prompt, path, served.Model.VocabularySize);
                return SamplingFields.RequireFitting(new ModelPrompt("", [.. ids]), path, served);
            default:
                throw ApiException.Invalid(path, $"{path} must be a string or an array of token ids.");
        }
    }

    private static ModelPrompt Encode(string text, string path, ServedModel served)
    {
        try
        {
            return served.Model.Text(text);
        }
        catch (Exception error) when (error is ArgumentException or InvalidDataException)
        {
            throw ApiException.Invalid(path, error.Message);
        }
    }
}
