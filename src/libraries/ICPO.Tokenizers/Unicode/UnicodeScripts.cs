using System.Globalization;

namespace ICPO.Tokenizers.Unicode;

/// <summary>Scripts that patterns of tokenizers ask for by name; the table lies in UnicodeScripts.txt.</summary>
internal static class UnicodeScripts
{
    private static readonly Lazy<Dictionary<string, CodePointSet>> Sets = new(Load);

    /// <summary>Names, long and of four letters, whatever their case.</summary>
    public static IEnumerable<string> Names => Sets.Value.Keys;

    /// <summary>The characters of a script; null where it is not known.</summary>
    public static CodePointSet? Find(string name) => Sets.Value.GetValueOrDefault(name);

    private static Dictionary<string, CodePointSet> Load()
    {
        var sets = new Dictionary<string, CodePointSet>(StringComparer.OrdinalIgnoreCase);
        using var reader = new StreamReader(typeof(UnicodeScripts).Assembly.GetManifestResourceStream("UnicodeScripts.txt")!);
        _ = reader.ReadLine(); // says what it is
        while (reader.ReadLine()?.Split(": ") is [var names, var ranges])
        {
            CodePointSet set = ranges
                .Split(' ', '-')
                .Select(n => int.Parse(n, NumberStyles.HexNumber))
                .Chunk(2)
                .Aggregate(CodePointSet.None, (all, range) => all.Or(CodePointSet.Range(range[0], range[1])));
            foreach (string name in names.Split(' '))
            {
                sets[name] = set;
            }
        }

        return sets;
    }
}
