using System.Collections.Immutable;
using System.Text.Json;
using ICPO.DataFiles.Json;

namespace ICPO.Tokenizers;

/// <summary>
/// The keys add_bos_token and add_eos_token of a tokenizer_config.json. As in transformers 5, where one of them is present, or where
/// tokenizer.json has no post-processor, they replace the post-processor.
/// </summary>
/// <param name="settings">The content of tokenizer_config.json.</param>
/// <param name="texts">The texts of special tokens.</param>
internal sealed class AddedFrame(JsonKeys settings, IReadOnlyDictionary<string, string> texts)
{
    private const string Begin = "bos_token",
        End = "eos_token";

    /// <summary>The frame that the keys ask for; null if the post-processor decides.</summary>
    /// <param name="hasPostProcessor">Whether tokenizer.json has one.</param>
    /// <param name="find">The id of a token's text; null if there is no such token.</param>
    /// <exception cref="InvalidDataException">A key is malformed, or the token to add does not exist; names the key.</exception>
    public TextFrame? Read(bool hasPostProcessor, Func<string, int?> find)
    {
        bool isStated = IsStated(Begin) || IsStated(End);
        return isStated || !hasPostProcessor ? new(Token(Begin, find), Token(End, find)) : null;
    }

    private bool IsStated(string token) => settings.Value.TryGetProperty($"add_{token}", out JsonElement _);

    private ImmutableArray<int> Token(string token, Func<string, int?> find)
    {
        if (settings.Flag($"add_{token}") is not true || !texts.TryGetValue(token, out string? text))
        {
            return [];
        }

        int id = find(text)
            ?? throw settings.Bad(token, $"'{text}' is to be added to texts (add_{token}) but tokenizer.json has no such token");
        return [id];
    }
}
