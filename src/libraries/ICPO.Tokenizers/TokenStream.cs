namespace ICPO.Tokenizers;

/// <summary>
/// Turns tokens into text one by one: what is told is final, so bytes that are not yet a whole character are held back, and
/// stay unsaid when the stream ends there. Not thread-safe.
/// </summary>
/// <param name="decode">Text of several tokens.</param>
public sealed class TokenStream(Func<int[], string> decode)
{
    private const char Broken = '\uFFFD';

    private readonly List<int> _ids = [];
    private string _prefix = "";
    private int _prefixCount;

    /// <summary>The text that one more token makes sure; null where there is none yet.</summary>
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

        // The tokens said so far are kept as context, since a token's text can depend on the one before it. Ids that no text
        // gives can change what was said; then only what goes beyond it is told.
        string next = text[_prefix.Length..];
        int count = _ids.Count - _prefixCount;
        _ids.RemoveRange(0, _prefixCount);
        _prefix = Text();
        _prefixCount = count;
        return next;
    }

    private string Text() => decode([.. _ids]);
}
