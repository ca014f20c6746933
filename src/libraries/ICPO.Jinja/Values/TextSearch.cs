namespace ICPO.Jinja.Values;

/// <summary>Finds text in text in a time that grows with their lengths and not with the product of them.</summary>
internal static class TextSearch
{
    /// <summary>Up to here .NET's search is the quickest; it compares the whole part anew at each place that looks like it.</summary>
    private const int Short = 64;

    /// <summary>How many characters are counted against the budget at once.</summary>
    private const int Block = 1024;

    /// <summary>Where a part first stands, from a place on; -1 where it does not.</summary>
    public static int First(string text, string part, int from, Budget budget)
    {
        if (part.Length <= Short)
        {
            return text.IndexOf(part, from, StringComparison.Ordinal);
        }

        IEnumerator<int> places = Places(text, part, from, text.Length, budget).GetEnumerator();
        return places.MoveNext() ? places.Current : -1;
    }

    /// <summary>Where a part last stands before a place; -1 where it does not.</summary>
    public static int Last(string text, string part, int end, Budget budget) =>
        part.Length <= Short ? text.AsSpan(0, end).LastIndexOf(part) : Places(text, part, 0, end, budget).LastOrDefault(-1);

    /// <summary>All places, also those that overlap, after Knuth, Morris and Pratt.</summary>
    private static IEnumerable<int> Places(string text, string part, int from, int end, Budget budget)
    {
        budget.Make(2L * part.Length);
        budget.Scan(part.Length);
        int[] borders = Borders(part);
        int matched = 0;
        for (int i = from; i < end; i++)
        {
            if ((i - from) % Block == 0)
            {
                budget.Scan(Block, perStep: 16);
            }

            while (matched > 0 && (matched == part.Length || text[i] != part[matched]))
            {
                matched = borders[matched - 1];
            }

            matched += text[i] == part[matched] ? 1 : 0;
            if (matched == part.Length)
            {
                yield return i + 1 - matched;
            }
        }
    }

    /// <summary>For each beginning of a part, the length of the longest shorter one that it ends with.</summary>
    private static int[] Borders(string part)
    {
        int[] borders = new int[part.Length];
        for ((int i, int matched) = (1, 0); i < part.Length; i++)
        {
            while (matched > 0 && part[i] != part[matched])
            {
                matched = borders[matched - 1];
            }

            matched += part[i] == part[matched] ? 1 : 0;
            borders[i] = matched;
        }

        return borders;
    }
}
