namespace ICPO.Tokenizers;

/// <summary>
/// Decodes tokens one by one. Returned text is final: bytes of an incomplete character are held back, and
/// dropped if the stream ends there. Not thread-safe.
/// </summary>
/// <param name="decode">Decodes several tokens.</param>
public sealed class TokenStream(Func<int[], string> decode)
{
    private const char Broken = '\uFFFD';

    private readonly List<int> _ids = [];
    private string _prefix = "";
    private int _prefixCount;

    /// <summary>Adds a token; returns the text that it completes, or null if there is none yet.</summary>
    public string? Next(int id)
    {
        if (_prefix.Length == 0 && _ids.Count > 0 && Text() is var known && !known.EndsWith(Broken))
        {
            (_prefix, _prefixCount) = (known, _ids.Count);
        }

        _ids.Add(id);
        string text = Text();
        if (text.Length <= _prefix.Length || text.EndsWith(Broken))
        {
            return null;
        }

        // The last tokens are kept as context, since a token's text can depend on the one before it. Ids without a token
        // can change text that was already returned; then only the text beyond it is returned.
        string next = text[_prefix.Length..];
        int count = _ids.Count - _prefixCount;
        _ids.RemoveRange(0, _prefixCount);
        _prefix = Text();
        _prefixCount = count;
        return next;
    }

    private string Text() => decode([.. _ids]);
}
