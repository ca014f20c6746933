namespace ICPO.Actors.Modeling.Checkpoints.Gguf;

/// <summary>Finds the pieces that another piece begins with, in time linear in its length.</summary>
internal sealed class PiecePrefixes(IEnumerable<string> pieces)
{
    private readonly string[] _sorted = [.. pieces.Where(piece => piece.Length > 0).Order(StringComparer.Ordinal)];

    /// <summary>The shorter pieces that a text begins with, the shortest first.</summary>
    public IEnumerable<string> Of(string text)
    {
        (int from, int to) = (0, _sorted.Length);
        for (int depth = 0; from < to && depth < text.Length - 1; depth++)
        {
            // Among the pieces that agree with the text up to here, those of this length come first.
            (from, to) = (Bound(from, to, depth, text[depth]), Bound(from, to, depth, text[depth] + 1));
            if (from < to && _sorted[from].Length == depth + 1)
            {
                yield return _sorted[from++];
            }
        }
    }

    /// <summary>The first piece in [from, to) whose character at this depth is not below a value.</summary>
    private int Bound(int from, int to, int depth, int value)
    {
        while (from < to)
        {
            int middle = (from + to) / 2;
            (from, to) = _sorted[middle][depth] < value ? (middle + 1, to) : (from, middle);
        }

        return from;
    }
}
