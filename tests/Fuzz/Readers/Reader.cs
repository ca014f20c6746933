namespace Fuzz.Readers;

/// <summary>One reader of untrusted input.</summary>
/// <param name="Name">Its name, and the folder of its seeds.</param>
/// <param name="Read">Reads an input as the product does; what it throws is judged.</param>
/// <param name="Clear">The types of its clear errors.</param>
internal sealed record Reader(string Name, Action<byte[]> Read, params IReadOnlyList<Type> Clear)
{
    /// <summary>Words that are put into texts of the format; empty for a binary one.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    public bool IsClear(Exception error) => Clear.Any(type => type.IsInstanceOfType(error));

    /// <summary>The seeds in the order of their names.</summary>
    public IReadOnlyList<byte[]> Seeds()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Seeds", Name);
        return [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
    }
}
