using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Tasks.Rewards;

/// <summary>
/// Reads the answer of an external verifier: a JSON object with the id of its case and a reward, or an error. Everything else is a fault of
/// the verifier and never a reward.
/// </summary>
internal static class RewardAnswer
{
    private const int MaxText = 2000,
        MaxShown = 120;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>Parses a text as a JSON object.</summary>
    /// <exception cref="InvalidDataException">It is not one; the message is a clause after "it sent".</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> text)
    {
        if (!Utf8.IsValid(text.Span))
        {
            throw new InvalidDataException($"{Shown(text.Span)}, which is not UTF-8");
        }

        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new InvalidDataException($"{Shown(text.Span)} instead of a JSON object");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // A name with half of a surrogate pair is an InvalidOperationException.
            throw new InvalidDataException($"{Shown(text.Span)}, which is not valid JSON{Hint(text.Span)}");
        }
    }

    /// <summary>The id of the case that an answer is for; null if it has none.</summary>
    public static string? Id(JsonElement answer) =>
        answer.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.String ? Text(id) : null;

    /// <summary>The judgment of an answer, or the fault that it describes or is.</summary>
    public static Judgment Read(JsonElement answer, RewardScale scale)
    {
        try
        {
            return Optional(answer, "error") is { } error ? Judgment.Crashed($"it reported an error: {error}") : Judge(answer, scale);
        }
        catch (InvalidDataException e)
        {
            return Judgment.Crashed($"it sent {e.Message}");
        }
    }

    private static Judgment Judge(JsonElement answer, RewardScale scale)
    {
        if (!answer.TryGetProperty("reward", out JsonElement value))
        {
            throw new InvalidDataException("an answer without \"reward\"");
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double reward) || !double.IsFinite(reward))
        {
            throw new InvalidDataException($"\"reward\": {Shown(value.GetRawText())}, which is not a finite number");
        }

        if (!scale.Contains(reward))
        {
            throw new InvalidDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"a reward of {reward}, outside of {scale.Minimum} to {scale.Maximum} (verification.rewards)"
                )
            );
        }

        return new(
            VerdictOf(answer) ?? (scale.IsCorrect(reward) ? Verdict.Correct : Verdict.Wrong),
            scale.Normalize(reward),
            Optional(answer, "extracted"),
            Optional(answer, "note")
        );
    }

    private static Verdict? VerdictOf(JsonElement answer) =>
        Optional(answer, "verdict") switch
        {
            null => null,
            "correct" => Verdict.Correct,
            "wrong" => Verdict.Wrong,
            "unparseable" => Verdict.Unparseable,
            var other => throw new InvalidDataException($"\"verdict\": {Shown(other)}; it must be correct, wrong or unparseable"),
        };

    /// <summary>A text that may be missing or null.</summary>
    private static string? Optional(JsonElement answer, string name) =>
        !answer.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String && Text(value) is { } text
            ? text.Length <= MaxText ? text
                : text[..MaxText] + "…"
        : throw new InvalidDataException($"\"{name}\": {Shown(value.GetRawText())}, which is not a string");

    /// <summary>A string; null if it is not valid Unicode.</summary>
    public static string? Text(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Hint(ReadOnlySpan<byte> text) =>
        text.IndexOf("NaN"u8) >= 0 || text.IndexOf("Infinity"u8) >= 0 ? " (JSON has no NaN or Infinity)" : "";

    private static string Shown(ReadOnlySpan<byte> text) =>
        $"\"{Shown(Encoding.UTF8.GetString(text[..Math.Min(text.Length, 4 * MaxShown)]))}\"";

    private static string Shown(string text)
    {
        string line = string.Concat(text.ReplaceLineEndings(" ").Trim().Select(c => char.IsControl(c) ? '�' : c));
        return line.Length <= MaxShown ? line : line[..MaxShown] + "…";
    }
}
