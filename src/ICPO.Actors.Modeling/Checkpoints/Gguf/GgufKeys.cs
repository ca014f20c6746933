using System.Globalization;
using ICPO.DataFiles.Json;

namespace ICPO.Actors.Modeling.Checkpoints.Gguf;

/// <summary>The metadata of a GGUF file, read with errors that name the file and the key.</summary>
internal sealed class GgufKeys(GgufFile file)
{
    public string? Text(string key) =>
        file.Metadata(key) switch
        {
            null => null,
            string text => text,
            _ => throw Bad(key, "must be a string"),
        };

    public bool? Flag(string key) =>
        file.Metadata(key) switch
        {
            null => null,
            bool flag => flag,
            _ => throw Bad(key, "must be true or false"),
        };

    /// <summary>A whole number of at least 1; an array (one per layer) counts if all its elements are equal.</summary>
    public int Count(string key, int? otherwise = null) =>
        file.Metadata(key) switch
        {
            null => otherwise ?? throw Bad(key, "is missing"),
            Array { Length: > 0 } values when values.Cast<object>().Distinct().ToList() is [var one] => Whole(key, one) is > 0 and var count
                ? count
                : throw Bad(key, "must be above 0"),
            Array => throw Bad(key, "differs from layer to layer, which is not supported"),
            var value => Whole(key, value) is > 0 and var count ? count : throw Bad(key, $"must be a whole number above 0, not {value}"),
        };

    /// <summary>A token id or another number of at least 0.</summary>
    public int? Index(string key) => file.Metadata(key) is { } value ? Whole(key, value) : null;

    /// <summary>A positive number. A float32 becomes the shortest decimal that gives it: 1e-5, not 9.99999974e-6.</summary>
    public double? Number(string key) =>
        file.Metadata(key) switch
        {
            null => null,
            float single when float.IsFinite(single) && single > 0 => double.Parse(
                single.ToString("R", CultureInfo.InvariantCulture),
                CultureInfo.InvariantCulture
            ),
            double number when double.IsFinite(number) && number > 0 => number,
            _ => throw Bad(key, "must be a positive number"),
        };

    /// <exception cref="InvalidDataException">The value is of another kind.</exception>
    public T[]? List<T>(string key) =>
        file.Metadata(key) switch
        {
            null => null,
            T[] list => list,
            _ => throw Bad(key, $"must be an array of {typeof(T).Name}"),
        };

    public InvalidDataException Bad(string key, string what) => new($"{file.Path}: {OneLine.Of($"{key} {what}")}.");

    private int Whole(string key, object value) =>
        value switch
        {
            byte
            or sbyte
            or ushort
            or short
            or int
            or uint
            or long when Convert.ToInt64(value, CultureInfo.InvariantCulture) is >= 0 and <= int.MaxValue and var whole => (int)whole,
            ulong and <= int.MaxValue and var large => (int)large,
            _ => throw Bad(key, $"must be a whole number from 0 to {int.MaxValue}, not {value}"),
        };
}
