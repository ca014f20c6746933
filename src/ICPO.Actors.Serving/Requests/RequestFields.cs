using System.Text.Json;
using ICPO.Actors.Serving.Errors;

namespace ICPO.Actors.Serving.Requests;

/// <summary>The fields of a JSON object, whose errors name the field. A field that is null counts as absent.</summary>
internal sealed class RequestFields
{
    private readonly Dictionary<string, JsonElement> _fields = [];
    private readonly string _prefix;

    private RequestFields(string? path) => _prefix = path is null ? "" : $"{path}.";

    /// <param name="value">The object.</param>
    /// <param name="path">Where it is in the body; null for the body itself.</param>
    /// <exception cref="ApiException">It is not an object.</exception>
    public static RequestFields Create(JsonElement value, string? path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw ApiException.Invalid(path, $"{path ?? "The body"} must be a JSON object.");
        }

        var fields = new RequestFields(path);
        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Null)
            {
                fields._fields[NameOf(property)] = property.Value;
            }
        }

        return fields;
    }

    /// <summary>Names of the fields that are present.</summary>
    public IEnumerable<string> Names => _fields.Keys;

    /// <summary>The path of a field, for errors.</summary>
    public string PathOf(string name) => _prefix + name;

    /// <summary>A field's value; null if it is absent.</summary>
    public JsonElement? Find(string name) => _fields.TryGetValue(name, out JsonElement value) ? value : null;

    /// <exception cref="ApiException">It is not a string.</exception>
    public string? Text(string name) => Find(name) is { } value ? TextOf(value, PathOf(name)) : null;

    /// <summary>A field's truth value; false if it is absent.</summary>
    /// <exception cref="ApiException">It is neither true nor false.</exception>
    public bool Flag(string name) =>
        Find(name) is { } value
        && value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Wrong(name, "true or false"),
        };

    /// <exception cref="ApiException">It is not a whole number of 64 bits.</exception>
    public long? Integer(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number
        : throw Wrong(name, "a whole number of 64 bits");

    /// <exception cref="ApiException">It is not a whole number in the range.</exception>
    public int? Count(string name, int min, int max)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        bool isIn = value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= min && number <= max;
        return isIn ? value.GetInt32() : throw Wrong(name, $"a whole number from {min} to {max}");
    }

    /// <param name="name">The field.</param>
    /// <param name="isAllowed">Whether a finite number is in the range.</param>
    /// <param name="range">The range in words.</param>
    /// <exception cref="ApiException">It is not a number in the range.</exception>
    public double? Number(string name, Func<double, bool> isAllowed, string range)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        bool isIn =
            value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out double number)
            && double.IsFinite(number)
            && isAllowed(number);
        return isIn ? value.GetDouble() : throw Wrong(name, range);
    }

    /// <summary>An error that names a field and what is expected of it.</summary>
    public ApiException Wrong(string name, string expected, string? code = null) =>
        ApiException.Invalid(PathOf(name), $"{PathOf(name)} must be {expected}.", code);

    /// <summary>Reads a string.</summary>
    /// <exception cref="ApiException">The value is not a string, or not valid Unicode.</exception>
    public static string TextOf(JsonElement value, string path)
    {
        string expected =
            value.ValueKind == JsonValueKind.String
                ? "valid Unicode: it has half of a surrogate pair, or bytes that are not UTF-8"
                : "a string";
        return TryText(value) ?? throw ApiException.Invalid(path, $"{path} must be {expected}.");
    }

    /// <summary>A value's text; null if it is not a string, or not valid Unicode.</summary>
    public static string? TryText(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw ApiException.Invalid(null, "The name of a field is not valid Unicode.");
        }
    }
}
