using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ICPO.Actors.Host.Commands;

/// <summary>Writes JSON without escaping letters: it goes to a terminal or a file, never into a web page.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions SingleLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string ToText(JsonNode value) => value.ToJsonString(Indented);

    public static string ToLine(JsonNode value) => value.ToJsonString(SingleLine);

    public static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> write) => [.. items.Select(write)];

    /// <summary>The name of an enum member in snake_case.</summary>
    public static string Name<T>(T member)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(member.ToString());
}
