using System.Text.Json;
using ICPO.DataFiles.Json;

namespace ICPO.Tokenizers.Limits;

/// <summary>Bounds the steps of a pipeline, each of which may hold a compiled pattern and pass over every text.</summary>
internal static class StepCount
{
    private const int Max = 64,
        MaxPatterns = 16;

    private static readonly string[] Lists = ["normalizers", "pretokenizers", "processors", "decoders"];

    /// <summary>The steps under a key; null if it is absent.</summary>
    /// <exception cref="InvalidDataException">There are more than any tokenizer has; names the key.</exception>
    public static JsonKeys? Steps(this JsonKeys keys, string key)
    {
        JsonKeys? steps = keys.Object(key);
        if (steps is null)
        {
            return null;
        }

        (int count, int patterns) = Count(steps.Value);
        return count <= Max && patterns <= MaxPatterns
            ? steps
            : throw keys.Bad(key, $"has more than {Max} steps, or {MaxPatterns} regular expressions");
    }

    private static (int Steps, int Patterns) Count(JsonElement step)
    {
        (int count, int patterns, Stack<JsonElement> open) = (0, 0, new([step]));
        while (count <= Max && open.TryPop(out JsonElement one))
        {
            count++;
            patterns +=
                one.TryGetProperty("pattern", out JsonElement pattern)
                && pattern.ValueKind == JsonValueKind.Object
                && pattern.TryGetProperty("Regex", out _)
                    ? 1
                    : 0;
            IEnumerable<JsonElement> inner = Lists
                .Select(name => one.TryGetProperty(name, out JsonElement list) ? list : default)
                .Where(list => list.ValueKind == JsonValueKind.Array)
                .SelectMany(list => list.EnumerateArray().Take(Max + 1))
                .Where(item => item.ValueKind == JsonValueKind.Object);
            foreach (JsonElement item in inner)
            {
                open.Push(item);
            }
        }

        return (count, patterns);
    }
}
