using System.Collections.Frozen;
using System.Text.Json;
using ICPO.Actors.Inference;
using ICPO.Actors.Serving.Errors;
using Microsoft.AspNetCore.Http;

namespace ICPO.Actors.Serving.Requests;

/// <summary>The fields that both kinds of completions have.</summary>
internal static class SamplingFields
{
    private const int MaxStops = 16;
    private const int MaxStopLength = 256;
    private const int MaxTopK = 1_000_000;

    /// <summary>Their names.</summary>
    public static FrozenSet<string> Names { get; } =
        FrozenSet.Create(
            StringComparer.Ordinal,
            "model",
            "max_tokens",
            "temperature",
            "top_p",
            "top_k",
            "min_p",
            "seed",
            "stop",
            "stop_token_ids",
            "n",
            "stream",
            "stream_options",
            "logprobs",
            "return_token_ids",
            "return_tokens_as_token_ids"
        );

    /// <exception cref="ApiException">Another model is named.</exception>
    public static void RequireModel(RequestFields fields, ServedModel served)
    {
        if (fields.Text("model") is { } name && name != served.Name)
        {
            throw NoSuchModel(name, served);
        }
    }

    /// <summary>The error for a model that is not served.</summary>
    public static ApiException NoSuchModel(string name, ServedModel served) =>
        new(
            StatusCodes.Status404NotFound,
            $"The model '{name}' is not served here; this server has '{served.Name}'.",
            "model",
            "model_not_found"
        );

    /// <param name="fields">The request.</param>
    /// <param name="served">The model.</param>
    /// <param name="maxTokens">Longest response; null fills the context.</param>
    /// <param name="alternatives">The number of alternatives and the field that has it.</param>
    /// <exception cref="ApiException">A field is out of range; names it.</exception>
    public static GenerationOptions Read(RequestFields fields, ServedModel served, int? maxTokens, (string Name, int Count) alternatives)
    {
        var defaults = new GenerationOptions();
        var options = new GenerationOptions
        {
            Temperature = fields.Number(
                "temperature",
                t => t == 0 || t >= GenerationOptions.MinTemperature,
                "0 or a number of at least 0.000001"
            ) ?? defaults.Temperature,
            TopP = fields.Number("top_p", p => p is > 0 and <= 1, "a number above 0 and at most 1") ?? defaults.TopP,
            TopK = Math.Max(0, fields.Count("top_k", -1, MaxTopK) ?? 0),
            MinP = fields.Number("min_p", p => p is >= 0 and < 1, "a number of at least 0 and below 1") ?? defaults.MinP,
            MaxTokens = maxTokens,
            Seed = fields.Integer("seed") is { } seed ? unchecked((ulong)seed) : null,
            StopStrings = Stops(fields),
            StopTokens = StopTokens(fields, served.Model.VocabularySize),
            Alternatives = alternatives.Count,
        };
        bool isTruncated = options is not { TopP: >= 1, TopK: 0, MinP: <= 0 };
        return isTruncated && alternatives.Count > 0
            ? throw ApiException.Invalid(
                fields.PathOf(alternatives.Name),
                $"{fields.PathOf(alternatives.Name)} cannot be combined with top_p, top_k or min_p; use one or the other."
            )
            : options;
    }

    /// <exception cref="ApiException">There are too many.</exception>
    public static int Samples(RequestFields fields, int prompts, ServedModel served)
    {
        int samples = fields.Count("n", 1, served.MaxChoices) ?? 1;
        return (long)samples * prompts <= served.MaxChoices
            ? samples
            : throw ApiException.Invalid(
                "n",
                $"The request asks for {(long)samples * prompts} responses; at most {served.MaxChoices} are allowed. Send several requests."
            );
    }

    /// <param name="fields">The request.</param>
    /// <param name="logProbs">Whether it asks for log-probabilities.</param>
    public static ResponseOptions Response(RequestFields fields, bool logProbs)
    {
        bool isStreamed = fields.Flag("stream");
        RequestFields? stream = fields.Find("stream_options") is { } value ? RequestFields.Create(value, "stream_options") : null;
        if (stream is not null && !isStreamed)
        {
            throw ApiException.Invalid("stream_options", "stream_options is only allowed with stream = true.");
        }

        if (stream?.Names.FirstOrDefault(name => name is not ("include_usage" or "include_obfuscation")) is { } other)
        {
            throw ApiException.Invalid(stream.PathOf(other), $"The field '{stream.PathOf(other)}' is not known here; omit it.");
        }

        return new ResponseOptions
        {
            IsStreamed = isStreamed,
            IncludeUsage = stream?.Flag("include_usage") ?? false,
            LogProbs = logProbs,
            TokenIds = fields.Flag("return_token_ids"),
            TokensAsIds = fields.Flag("return_tokens_as_token_ids"),
        };
    }

    /// <summary>A prompt that leaves room for a response.</summary>
    /// <exception cref="ApiException">It is empty or too long.</exception>
    public static ModelPrompt RequireFitting(ModelPrompt prompt, string path, ServedModel served) =>
        prompt.Ids.IsEmpty ? throw ApiException.Invalid(path, $"{path} is empty; a model needs at least one token to continue from.")
        : prompt.Ids.Length < served.Model.Context ? prompt
        : throw TooLong(path, prompt.Ids.Length, served);

    /// <summary>The error for a prompt that does not fit.</summary>
    public static ApiException TooLong(string path, int tokens, ServedModel served) =>
        ApiException.Invalid(
            path,
            $"{path} has {tokens} tokens, which leaves no room in a context of {served.Model.Context}; shorten it.",
            "context_length_exceeded"
        );

    private static string[] Stops(RequestFields fields)
    {
        if (fields.Find("stop") is not { } value)
        {
            return [];
        }

        string path = fields.PathOf("stop");
        string[] stops =
            value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= MaxStops
                ? [.. value.EnumerateArray().Select(stop => RequestFields.TextOf(stop, path))]
            : value.ValueKind == JsonValueKind.String ? [RequestFields.TextOf(value, path)]
            : throw fields.Wrong("stop", $"a string, or an array of at most {MaxStops} strings");
        return stops.All(stop => stop.Length is > 0 and <= MaxStopLength)
            ? stops
            : throw fields.Wrong("stop", $"made of strings with 1 to {MaxStopLength} characters");
    }

    private static int[] StopTokens(RequestFields fields, int vocabulary)
    {
        if (fields.Find("stop_token_ids") is not { } value)
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= MaxStopLength
            ? TokenIds.Read(value, fields.PathOf("stop_token_ids"), vocabulary)
            : throw fields.Wrong("stop_token_ids", $"an array of at most {MaxStopLength} token ids");
    }
}
