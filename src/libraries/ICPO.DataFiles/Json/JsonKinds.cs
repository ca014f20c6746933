using System.Text.Json;

namespace ICPO.DataFiles.Json;

/// <summary>Names of JSON value kinds for error messages.</summary>
public static class JsonKinds
{
    /// <summary>The kind with its article, such as "a string".</summary>
    public static string Name(JsonValueKind kind) =>
        kind switch
        {
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            JsonValueKind.True or JsonValueKind.False => "a boolean",
            JsonValueKind.Array => "an array",
            JsonValueKind.Object => "an object",
            _ => "null",
        };
}
