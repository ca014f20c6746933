namespace ICPO.Actors.Configuration.Layers;

/// <summary>Finds the known key that an unknown one most likely meant.</summary>
internal static class NearestKey
{
    private const int Typo = 2;
    private const int MinPrefix = 3;

    /// <summary>A name that is longer than any key is compared by its first characters.</summary>
    private const int MaxLength = 80;

    /// <summary>
    /// In this order: the same words, a typing error, a part of a key of the same section, the same last part in any section, a name that
    /// other trainers use, a part of any key, and at last the smallest edit distance.
    /// </summary>
    public static string Find(string name, IEnumerable<string> known)
    {
        string[] keys = [.. known];
        string wanted = name[..Math.Min(name.Length, MaxLength)].ToLowerInvariant().Replace('_', '-');
        (string section, string leaf) = Split(wanted);
        IEnumerable<string> siblings = keys.Where(key => Split(key).Section == section);
        return keys.FirstOrDefault(key => key == wanted)
            ?? Nearest(keys, key => Distance(wanted, key, Typo), Typo)
            ?? Shortest(siblings.Where(key => Begins(Split(key).Leaf, leaf)))
            ?? Shortest(siblings.Where(key => Split(key).Leaf.Split('-').Contains(leaf)))
            ?? Nearest(keys.Where(key => Split(key).Leaf == leaf), key => Distance(wanted, key, MaxLength), MaxLength)
            ?? (KeySynonyms.Find(leaf) is { } synonym && keys.Contains(synonym) ? synonym : null)
            ?? Shortest(keys.Where(key => Begins(Split(key).Leaf, leaf)))
            ?? Closest(keys, wanted, leaf);
    }

    /// <summary>The key, or the last part of one, with the smallest distance.</summary>
    private static string Closest(string[] keys, string wanted, string leaf)
    {
        (string closest, int least) = ("", 2 * MaxLength);
        foreach (string key in keys)
        {
            int distance = Math.Min(Distance(wanted, key, least), 1 + Distance(leaf, Split(key).Leaf, least));
            (closest, least) = distance < least ? (key, distance) : (closest, least);
        }

        return closest;
    }

    private static string? Nearest(IEnumerable<string> keys, Func<string, int> distance, int most) =>
        keys.Where(key => distance(key) <= most).MinBy(distance);

    private static string? Shortest(IEnumerable<string> keys) => keys.MinBy(key => key.Length);

    private static bool Begins(string leaf, string prefix) =>
        prefix.Length >= MinPrefix && leaf.StartsWith(prefix, StringComparison.Ordinal);

    private static (string Section, string Leaf) Split(string key) =>
        key.LastIndexOf('.') is >= 0 and var dot ? (key[..dot], key[(dot + 1)..]) : ("", key);

    /// <summary>Levenshtein distance, or any number above <paramref name="most"/> if it is above that.</summary>
    private static int Distance(ReadOnlySpan<char> left, ReadOnlySpan<char> right, int most)
    {
        if (Math.Abs(left.Length - right.Length) > most)
        {
            return most + 1;
        }

        // A common beginning costs nothing.
        int same = left.CommonPrefixLength(right);
        left = left[same..];
        right = right[same..];
        Span<int> row = stackalloc int[right.Length + 1];
        for (int j = 0; j < row.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= left.Length; i++)
        {
            (int diagonal, row[0]) = (row[0], i);
            int least = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                (diagonal, row[j]) = (row[j], Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1])));
                least = Math.Min(least, row[j]);
            }

            if (least > most)
            {
                return most + 1;
            }
        }

        return row[^1];
    }
}
