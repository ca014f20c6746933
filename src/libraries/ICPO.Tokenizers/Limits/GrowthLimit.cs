using ICPO.DataFiles.Json;

namespace ICPO.Tokenizers.Limits;

/// <summary>
/// How much longer the steps of a tokenizer may make the text of one call: a chain of replacements multiplies its length. Not thread-safe.
/// </summary>
/// <param name="length">Length of the call's text in characters.</param>
internal sealed class GrowthLimit(long length)
{
    private const int FreeCharacters = 1 << 16,
        CharactersPerCharacter = 16;

    private long _left = FreeCharacters + (CharactersPerCharacter * length);

    /// <summary>Counts characters that a step adds; call before they are in memory where it adds many.</summary>
    /// <exception cref="InvalidDataException">The steps add more than any text needs; names the step.</exception>
    public void Add(long characters, string step)
    {
        if ((_left -= Math.Max(0, characters)) < 0)
        {
            throw new InvalidDataException(
                $"{step} makes the text longer than {CharactersPerCharacter} times its length; fix or replace the tokenizer's file."
            );
        }
    }

    /// <summary>The result of a step, counted.</summary>
    public string Counted(string from, string to, string step)
    {
        Add(to.Length - from.Length, step);
        return to;
    }

    /// <summary>The name of a step in errors: file and key.</summary>
    public static string Name(JsonKeys keys) => $"{keys.Path}: the step {keys.Prefix.TrimEnd('.')}";
}
