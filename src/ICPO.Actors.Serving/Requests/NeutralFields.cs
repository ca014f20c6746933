using System.Collections.Frozen;
using System.Text.Json;
using ICPO.Actors.Serving.Errors;

namespace ICPO.Actors.Serving.Requests;

/// <summary>
/// Fields that clients send although they ask for nothing. A field that would change a response but is not supported is rejected unless its
/// value is the one that changes nothing.
/// </summary>
internal static class NeutralFields
{
    /// <summary>Fields that do not change a response.</summary>
    private static readonly FrozenSet<string> Ignored = FrozenSet.Create(
        StringComparer.Ordinal,
        "user",
        "metadata",
        "store",
        "service_tier",
        "safety_identifier",
        "prompt_cache_key",
        "prompt_cache_retention",
        "parallel_tool_calls"
    );

    private static readonly FrozenDictionary<string, Func<JsonElement, bool>> Neutral = new Dictionary<string, Func<JsonElement, bool>>
    {
        ["presence_penalty"] = value => IsNumber(value, 0),
        ["frequency_penalty"] = value => IsNumber(value, 0),
        ["repetition_penalty"] = value => IsNumber(value, 1),
        ["length_penalty"] = value => IsNumber(value, 1),
        ["min_tokens"] = value => IsNumber(value, 0),
        ["logit_bias"] = IsEmpty,
        ["tools"] = IsEmpty,
        ["functions"] = IsEmpty,
        ["tool_choice"] = value => IsText(value, "none", "auto"),
        ["function_call"] = value => IsText(value, "none", "auto"),
        ["response_format"] = IsPlainText,
        ["modalities"] = value => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 1 && IsText(value[0], "text"),
        ["suffix"] = value => IsText(value, ""),
        ["echo"] = value => value.ValueKind == JsonValueKind.False,
        ["use_beam_search"] = value => value.ValueKind == JsonValueKind.False,
        ["ignore_eos"] = value => value.ValueKind == JsonValueKind.False,
        ["include_stop_str_in_output"] = value => value.ValueKind == JsonValueKind.False,
        ["skip_special_tokens"] = value => value.ValueKind == JsonValueKind.True,
        ["spaces_between_special_tokens"] = value => value.ValueKind == JsonValueKind.True,
    }.ToFrozenDictionary();

    /// <summary>Checks the fields that a request has besides the supported ones.</summary>
    /// <exception cref="ApiException">A field is unknown, or asks for something that is not supported.</exception>
    public static void Require(RequestFields fields, FrozenSet<string> supported)
    {
        foreach (string name in fields.Names)
        {
            if (supported.Contains(name) || Ignored.Contains(name))
            {
                continue;
            }

            if (!Neutral.TryGetValue(name, out Func<JsonElement, bool>? isNeutral))
            {
                throw ApiException.Invalid(name, $"The field '{name}' is not known here; omit it.", "unknown_parameter");
            }

            if (!isNeutral(fields.Find(name)!.Value))
            {
                throw ApiException.Invalid(name, $"This value of '{name}' is not supported; omit the field.", "unsupported_parameter");
            }
        }
    }

    private static bool IsNumber(JsonElement value, double expected) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number.Equals(expected);

    private static bool IsText(JsonElement value, params ReadOnlySpan<string> expected) =>
        RequestFields.TryText(value) is { } text && expected.Contains(text);

    private static bool IsEmpty(JsonElement value) =>
        (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0)
        || (value.ValueKind == JsonValueKind.Object && value.GetPropertyCount() == 0);

    private static bool IsPlainText(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("type", out JsonElement type) && IsText(type, "text");
}
