using System.Text.Json;

namespace ICPO.DataFiles.Json;

/// <summary>
/// Finds escapes of unpaired surrogates in valid JSON. .NET throws when such a text is read, and when a key is looked up next to such a
/// key, without naming the file; so they are searched for when a document is read.
/// </summary>
internal static class JsonSurrogates
{
    /// <summary>The position of the first key that holds one; null if there is none.</summary>
    public static long? FirstBrokenKey(ReadOnlySpan<byte> json) => Find(json, inValues: false);

    /// <summary>The position of the first key or text that holds one; null if there is none.</summary>
    public static long? FirstBroken(ReadOnlySpan<byte> json) => Find(json, inValues: true);

    private static long? Find(ReadOnlySpan<byte> json, bool inValues)
    {
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
        {
            return null;
        }

        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            bool isText = reader.TokenType == JsonTokenType.PropertyName || (inValues && reader.TokenType == JsonTokenType.String);
            if (isText && reader.ValueIsEscaped && IsBroken(reader))
            {
                return reader.TokenStartIndex;
            }
        }

        return null;
    }

    private static bool IsBroken(Utf8JsonReader reader)
    {
        try
        {
            _ = reader.GetString();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
