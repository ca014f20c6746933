using System.Text;

namespace ICPO.Tokenizers.Unicode;

/// <summary>Text by code points.</summary>
internal static class CodePoints
{
    /// <summary>The code points of a text; half of a surrogate pair counts as one.</summary>
    public static IEnumerable<int> Enumerate(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            bool isPair = char.IsSurrogatePair(text, i);
            yield return isPair ? char.ConvertToUtf32(text, i) : text[i];
            i += isPair ? 1 : 0;
        }
    }

    /// <summary>Lower case, each character on its own (a final sigma is σ): Rust's char::to_lowercase.</summary>
    public static string ToLower(string text)
    {
        var lower = new StringBuilder(text.Length);
        foreach (int point in Enumerate(text))
        {
            if (point == 'İ')
            {
                lower.Append("i\u0307"); // the only character whose lower case is longer than one character
            }
            else if (Rune.TryCreate(point, out Rune rune))
            {
                lower.Append(Rune.ToLowerInvariant(rune).ToString());
            }
            else
            {
                lower.Append((char)point);
            }
        }

        return lower.ToString();
    }
}
