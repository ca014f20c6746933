namespace ICPO.Actors.Configuration.Layers;

/// <summary>Finds the known key that an unknown one most likely meant.</summary>
internal static class NearestKey
{
    private const int Typo = 2;
    private const int MinPrefix = 3;

    /// <summary>
    /// In this order: the same words, a typing error, a part of a key of the same section, the same last part in any section, a name that
    /// other trainers use, a part of any key, and at last the smallest edit distance.
    /// </summary>
    public static string Find(string name, IEnumerable<string> known)
    {
        string[] keys = [.. known];
        string wanted = name.ToLowerInvariant().Replace('_', '-');
        (string section, string leaf) = Split(wanted);
        IEnumerable<string> siblings = keys.Where(key => Split(key).Section == section);
        return keys.FirstOrDefault(key => key == wanted)
            ?? Nearest(wanted, keys.Where(key => Math.Abs(key.Length - wanted.Length) <= Typo && Distance(wanted, key) <= Typo))
            ?? Shortest(siblings.Where(key => Begins(Split(key).Leaf, leaf)))
            ?? Shortest(siblings.Where(key => Split(key).Leaf.Split('-').Contains(leaf)))
            ?? Nearest(wanted, keys.Where(key => Split(key).Leaf == leaf))
            ?? (KeySynonyms.Find(leaf) is { } synonym && keys.Contains(synonym) ? synonym : null)
            ?? Shortest(keys.Where(key => Begins(Split(key).Leaf, leaf)))
            ?? keys.MinBy(key => Math.Min(Distance(wanted, key), 1 + Distance(leaf, Split(key).Leaf)))
            ?? "";
    }

    private static string? Nearest(string wanted, IEnumerable<string> keys) => keys.MinBy(key => Distance(wanted, key));

    private static string? Shortest(IEnumerable<string> keys) => keys.MinBy(key => key.Length);

    private static bool Begins(string leaf, string prefix) =>
        prefix.Length >= MinPrefix && leaf.StartsWith(prefix, StringComparison.Ordinal);

    private static (string Section, string Leaf) Split(string key) =>
        key.LastIndexOf('.') is >= 0 and var dot ? (key[..dot], key[(dot + 1)..]) : ("", key);

    /// <summary>Levenshtein distance.</summary>
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            (int diagonal, row[0]) = (row[0], i);
            for (int j = 1; j <= right.Length; j++)
            {
                int replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                (diagonal, row[j]) = (row[j], Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1])));
            }
        }

        return row[^1];
    }
}
