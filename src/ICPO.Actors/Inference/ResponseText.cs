using System.Collections.Immutable;
using ICPO.Actors.Contracts.Policies;
using ICPO.Tokenizers;

namespace ICPO.Actors.Inference;

/// <summary>
/// The text of a response, token by token. What could be the start of a stop string is held back until it is known not to be one, and so
/// are the bytes of an incomplete character. How the text is split into tokens makes no difference to it. Not thread-safe.
/// </summary>
/// <param name="tokenizer">The tokenizer of the model.</param>
/// <param name="stops">The response ends before the one that is complete first.</param>
internal sealed class ResponseText(ITokenizer tokenizer, ImmutableArray<string> stops)
{
    private readonly TokenStream _stream = new(ids => tokenizer.Decode(ids));
    private string _held = "";

    /// <summary>True once a stop string was complete; there is no text after it.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Adds a token.</summary>
    /// <returns>The text that is certain now; may be empty.</returns>
    public string Add(int token)
    {
        if (IsStopped || _stream.Next(token) is not { } added)
        {
            return "";
        }

        string text = _held + added;
        if (FindStop(text) is { } at)
        {
            (IsStopped, _held) = (true, "");
            return text[..at];
        }

        int held = stops.IsEmpty ? 0 : stops.Max(stop => Overlap(text, stop));
        _held = text[^held..];
        return text[..^held];
    }

    /// <summary>The text that was held back, once there are no more tokens.</summary>
    public string End()
    {
        (string rest, _held) = (_held, "");
        return rest;
    }

    /// <summary>The start of the stop string that ends first, the longest of several.</summary>
    private int? FindStop(string text)
    {
        (int End, int Start)? first = null;
        foreach (string stop in stops)
        {
            int at = text.IndexOf(stop, StringComparison.Ordinal);
            if (at >= 0 && (first is null || (at + stop.Length, at).CompareTo(first.Value) < 0))
            {
                first = (at + stop.Length, at);
            }
        }

        return first?.Start;
    }

    /// <summary>Length of the longest suffix of a text that is a prefix of a stop string.</summary>
    private static int Overlap(string text, string stop)
    {
        for (int length = Math.Min(stop.Length - 1, text.Length); length > 0; length--)
        {
            if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
            {
                return length;
            }
        }

        return 0;
    }
}
