namespace ICPO.Actors.Configuration.Layers;

/// <summary>Finds the known key that a mistyped one most likely meant.</summary>
internal static class NearestKey
{
    /// <summary>The known key with the smallest edit distance, over the whole key or over its last part.</summary>
    public static string Find(string name, IEnumerable<string> known) =>
        known.MinBy(k => Math.Min(Distance(name, k), 1 + Distance(Leaf(name), Leaf(k)))) ?? "";

    private static string Leaf(string key) => key[(key.LastIndexOf('.') + 1)..];

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
