using System.Text.Json;
using System.Text.Json.Nodes;

namespace ICPO.Tokenizers.ChatTemplates;

/// <summary>The messages of a request as transformers passes them to a template.</summary>
internal static class ChatMessages
{
    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 1000 };
    private static readonly string[] ReasoningKeys = ["reasoning_content", "thinking", "reasoning"];

    /// <summary>
    /// Messages without the keys that are null, and with the reasoning under each name that templates read. Of equal keys the last counts.
    /// </summary>
    /// <exception cref="FormatException">A message is not an object.</exception>
    /// <exception cref="JsonException">The messages nest too deeply.</exception>
    /// <exception cref="InvalidOperationException">A key is not well-formed UTF-16.</exception>
    public static List<OrderedDictionary<string, object?>> Read(JsonArray messages) =>
        [
            .. JsonSerializer
                .SerializeToElement(messages, Deep)
                .EnumerateArray()
                .Select(
                    (message, i) =>
                        message.ValueKind == JsonValueKind.Object
                            ? Message(message)
                            : throw new FormatException($"messages[{i}] is not an object")
                ),
        ];

    /// <summary>Appends a marker to the last message's text.</summary>
    /// <returns>The text without the marker; null if the message has no text.</returns>
    public static string? Mark(OrderedDictionary<string, object?> message, string marker)
    {
        (OrderedDictionary<string, object?>? holder, string key) = (message, "content");
        if (message.GetValueOrDefault("content") is JsonElement { ValueKind: JsonValueKind.Array } content)
        {
            List<object?> parts = [.. content.EnumerateArray().Select(p => p.ValueKind == JsonValueKind.Object ? Entries(p) : (object?)p)];
            holder = parts.OfType<OrderedDictionary<string, object?>>().LastOrDefault(part => part.ContainsKey("text"));
            key = "text";
            message["content"] = parts;
        }

        if (holder?.GetValueOrDefault(key) is not JsonElement { ValueKind: JsonValueKind.String } value)
        {
            return null;
        }

        string text = value.GetString()!;
        holder[key] = text + marker;
        return text;
    }

    private static OrderedDictionary<string, object?> Message(JsonElement message)
    {
        OrderedDictionary<string, object?> entries = Entries(message);
        foreach (string key in entries.Where(e => e.Value is JsonElement { ValueKind: JsonValueKind.Null }).Select(e => e.Key).ToList())
        {
            entries.Remove(key);
        }

        if (ReasoningKeys.FirstOrDefault(entries.ContainsKey) is { } known)
        {
            foreach (string key in ReasoningKeys.Where(name => !entries.ContainsKey(name)).ToList())
            {
                entries[key] = entries[known];
            }
        }

        return entries;
    }

    private static OrderedDictionary<string, object?> Entries(JsonElement value)
    {
        var entries = new OrderedDictionary<string, object?>();
        foreach (JsonProperty property in value.EnumerateObject())
        {
            entries[property.Name] = property.Value;
        }

        return entries;
    }
}
