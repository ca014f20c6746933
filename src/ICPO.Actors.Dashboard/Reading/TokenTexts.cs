using System.Collections.Concurrent;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Dashboard.Reading;

/// <summary>Texts of single tokens, by the tokenizer of a run's model. Thread-safe.</summary>
/// <param name="open">Opens the tokenizer of a run.</param>
internal sealed class TokenTexts(Func<RunSettings, ITokenizer> open)
{
    /// <summary>A character has at most four bytes, and a token at least one.</summary>
    private const int MaxTokensPerCharacter = 4;

    private readonly ConcurrentDictionary<(string Path, string Adapter), Lazy<ITokenizer?>> _tokenizers = new();

    /// <summary>
    /// The text of each token. A character that several tokens form is the text of the first one; the texts of the others are empty.
    /// Null if the model's tokenizer cannot be read here.
    /// </summary>
    public string[]? Split(RunSettings settings, ReadOnlySpan<int> tokens)
    {
        if (Tokenizer(settings) is not { } tokenizer)
        {
            return null;
        }

        string[] texts = new string[tokens.Length];
        Array.Fill(texts, "");
        for (int start = 0; start < tokens.Length; )
        {
            (string text, int used) = Next(tokenizer, tokens[start..]);
            texts[start] = text;
            start += used;
        }

        return texts;
    }

    private static (string Text, int Used) Next(ITokenizer tokenizer, ReadOnlySpan<int> tokens)
    {
        string first = Decode(tokenizer, tokens[..1]);
        if (!first.Contains('\uFFFD'))
        {
            return (first, 1);
        }

        for (int used = 2; used <= Math.Min(MaxTokensPerCharacter, tokens.Length); used++)
        {
            string text = Decode(tokenizer, tokens[..used]);
            if (!text.Contains('\uFFFD'))
            {
                return (text, used);
            }
        }

        return (first, 1);
    }

    private static string Decode(ITokenizer tokenizer, ReadOnlySpan<int> tokens)
    {
        try
        {
            return tokenizer.Decode(tokens);
        }
        catch (Exception error) when (error is ArgumentException or IndexOutOfRangeException or KeyNotFoundException)
        {
            // The model at this path is no longer the one of the run.
            return $"<{tokens[0]}>";
        }
    }

    private ITokenizer? Tokenizer(RunSettings settings)
    {
        (string, string) model = (settings.Model.Path, settings.Model.Adapter);
        ITokenizer? opened = _tokenizers.GetOrAdd(model, _ => new Lazy<ITokenizer?>(() => TryOpen(settings))).Value;
        if (opened is null)
        {
            // Its files may be readable later.
            _tokenizers.TryRemove(model, out _);
        }

        return opened;
    }

    private ITokenizer? TryOpen(RunSettings settings)
    {
        try
        {
            return open(settings);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
