using System.Text;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>
/// Reports whether a response ends with its last token: a stop token, or the token that completes a stop string. Text is decoded only
/// after tokens that can complete a string: those whose own text contains one or starts with the end of one. Not thread-safe.
/// </summary>
public sealed class StopMatcher
{
    private enum Suspicion : byte
    {
        Unknown = 0,
        None,
        Possible,
    }

    private readonly ITokenizer _tokenizer;
    private readonly SamplerSettings _settings;
    private readonly Suspicion[] _suspicions;
    private readonly int _window;

    public StopMatcher(ITokenizer tokenizer, SamplerSettings settings)
    {
        (_tokenizer, _settings) = (tokenizer, settings);
        _suspicions = settings.StopStrings.IsEmpty ? [] : new Suspicion[tokenizer.VocabularySize];
        // A token has at least one byte; one more token before, because decoders may trim the first token's leading space.
        _window = settings.StopStrings.IsEmpty ? 0 : settings.StopStrings.Max(Encoding.UTF8.GetByteCount) + 1;
    }

    /// <summary>True if the settings have the same stop conditions, so that this matcher can be reused.</summary>
    public bool Serves(SamplerSettings settings) =>
        _settings.StopTokens.AsSpan().SequenceEqual(settings.StopTokens.AsSpan())
        && _settings.StopStrings.AsSpan().SequenceEqual(settings.StopStrings.AsSpan());

    /// <summary>
    /// Does the last token of <paramref name="response"/> (at least one token, none before it ended it) end the response?
    /// </summary>
    public bool Ends(ReadOnlySpan<int> response)
    {
        int last = response[^1];
        if (_settings.StopTokens.AsSpan().Contains(last))
        {
            return true;
        }

        // Ids beyond the tokenizer's vocabulary (padded embeddings) have no text.
        if ((uint)last >= (uint)_suspicions.Length || !MayComplete(last))
        {
            return false;
        }

        string tail = _tokenizer.Decode(response[Math.Max(0, response.Length - _window)..]);
        foreach (string stop in _settings.StopStrings)
        {
            if (tail.Contains(stop, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private bool MayComplete(int token)
    {
        if (_suspicions[token] == Suspicion.Unknown)
        {
            _suspicions[token] = Suspect(token) ? Suspicion.Possible : Suspicion.None;
        }

        return _suspicions[token] == Suspicion.Possible;
    }

    private bool Suspect(int token)
    {
        // The token's text in the middle of a response, determined by adding a second copy of it.
        string once = _tokenizer.Decode([token]),
            twice = _tokenizer.Decode([token, token]);
        if (
            once.Length == 0
            || twice.Length == once.Length
            || !twice.StartsWith(once, StringComparison.Ordinal)
            || twice.Contains('\uFFFD')
        )
        {
            return true;
        }

        string text = twice[once.Length..];
        foreach (string stop in _settings.StopStrings)
        {
            if (text.Contains(stop, StringComparison.Ordinal))
            {
                return true;
            }

            for (int length = Math.Min(stop.Length, text.Length); length > 0; length--)
            {
                if (text.AsSpan(0, length).SequenceEqual(stop.AsSpan(stop.Length - length)))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
