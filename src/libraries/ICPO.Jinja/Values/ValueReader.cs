using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ICPO.Jinja.Values;

/// <summary>Turns .NET and JSON values into those of a template.</summary>
internal static class ValueReader
{
    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 1000 };

    private const int CharactersPerValue = 48;

    /// <summary>Each value raises the limits of the rendering by its size.</summary>
    /// <exception cref="TemplateFault">A value has an unsupported type or nests too deeply.</exception>
    /// <exception cref="JsonException">JSON nests too deeply.</exception>
    /// <exception cref="InvalidOperationException">JSON holds a string that is not well-formed UTF-16.</exception>
    public static object? Read(object? value, Budget budget)
    {
        CallStack.Require("it nests too deeply");
        budget.Allow(CharactersPerValue + ((value as string)?.Length ?? 0));
        return value switch
        {
            null or bool or string or double or BigInteger => value,
            int number => new BigInteger(number),
            long number => new BigInteger(number),
            JsonNode node => Read(JsonSerializer.SerializeToElement(node, Deep), budget),
            JsonElement element => Read(element, budget),
            IEnumerable<KeyValuePair<string, object?>> entries => Read(entries, budget),
            IEnumerable items => new PythonList([.. items.Cast<object?>().Select(item => Read(item, budget))]),
            _ => throw new TemplateFault($"a value of type {value.GetType()} is not supported"),
        };
    }

    /// <summary>As Python's json reads: 1 is an int and 1.0 a float, however large; the last of equal keys counts.</summary>
    private static object? Read(JsonElement element, Budget budget)
    {
        CallStack.Require("it nests too deeply");
        budget.Allow(CharactersPerValue);
        return element.ValueKind switch
        {
            JsonValueKind.Object => Read(element.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, (object?)p.Value)), budget),
            JsonValueKind.Array => new PythonList([.. element.EnumerateArray().Select(item => Read(item, budget))]),
            JsonValueKind.String => Text(element.GetString()!, budget),
            JsonValueKind.Number => Number(element.GetRawText(), budget),
            JsonValueKind.True or JsonValueKind.False => element.GetBoolean(),
            _ => null,
        };
    }

    private static string Text(string text, Budget budget)
    {
        budget.Allow(text.Length);
        return text;
    }

    private static PythonDict Read(IEnumerable<KeyValuePair<string, object?>> entries, Budget budget) =>
        new(entries.Select(entry => KeyValuePair.Create(entry.Key, Read(entry.Value, budget))), budget);

    private static object Number(string text, Budget budget) =>
        text.AsSpan().ContainsAny('.', 'e', 'E')
            ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)
            : PythonNumbers.ParseInteger(text, 10, budget) ?? throw new TemplateFault("a number is too long");
}
