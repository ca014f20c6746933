namespace ICPO.Actors.Tasks;

/// <summary>Reads extracted answers as trees.</summary>
internal static class Answers
{
    /// <summary>First as the kind of text it is, then as the other: a box can hold words, and plain text LaTeX.</summary>
    public static Node? Read(string text, NumberReading reading, bool isPlain) =>
        LatexParser.Parse(text, reading, isPlain) ?? LatexParser.Parse(text, reading, !isPlain);

    /// <summary>A comma between digits, or a point before three: the only texts that can be read in more than one way.</summary>
    public static bool IsAmbiguous(string text)
    {
        for (int at = 1; at + 1 < text.Length; at++)
        {
            if (text[at] == ',' && char.IsAsciiDigit(text[at - 1]) && (char.IsAsciiDigit(text[at + 1]) || text[at + 1] is ' ' or '\\'))
            {
                return true;
            }
        }

        return false;
    }
}
