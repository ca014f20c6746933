namespace ICPO.Jinja.Values;

/// <summary>Searches text in time linear in the lengths of both texts.</summary>
internal static class TextSearch
{
    /// <summary>Up to this length .NET's search is faster; for long parts its worst case is the product of the lengths.</summary>
    private const int Short = 64;

    /// <summary>Number of characters that are counted against the budget at once.</summary>
    private const int Block = 1024;

    /// <summary>The first index of a part at or after an index; -1 if there is none.</summary>
    public static int First(string text, string part, int from, Budget budget)
    {
        if (part.Length <= Short)
        {
            return text.IndexOf(part, from, StringComparison.Ordinal);
        }

        IEnumerator<int> places = Places(text, part, from, text.Length, budget).GetEnumerator();
        return places.MoveNext() ? places.Current : -1;
    }

    /// <summary>The last index of a part that ends at or before an index; -1 if there is none.</summary>
    public static int Last(string text, string part, int end, Budget budget) =>
        part.Length <= Short ? text.AsSpan(0, end).LastIndexOf(part) : Places(text, part, 0, end, budget).LastOrDefault(-1);

    /// <summary>All indices, also of overlapping occurrences, by the Knuth-Morris-Pratt algorithm.</summary>
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

    /// <summary>For each prefix, the length of its longest proper prefix that is also its suffix.</summary>
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
