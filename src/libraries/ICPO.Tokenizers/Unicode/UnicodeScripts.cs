using System.Globalization;

namespace ICPO.Tokenizers.Unicode;

/// <summary>Scripts that patterns of tokenizers refer to by name; the table is in UnicodeScripts.txt.</summary>
internal static class UnicodeScripts
{
    private static readonly Lazy<Dictionary<string, CodePointSet>> Sets = new(Load);

    /// <summary>Names, long and abbreviated; case is ignored.</summary>
    public static IEnumerable<string> Names => Sets.Value.Keys;

    /// <summary>The characters of a script; null if it is unknown.</summary>
    public static CodePointSet? Find(string name) => Sets.Value.GetValueOrDefault(name);

    private static Dictionary<string, CodePointSet> Load()
    {
        var sets = new Dictionary<string, CodePointSet>(StringComparer.OrdinalIgnoreCase);
        using var reader = new StreamReader(typeof(UnicodeScripts).Assembly.GetManifestResourceStream("UnicodeScripts.txt")!);
        _ = reader.ReadLine(); // a comment
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
