using System.Text.RegularExpressions;
using ICPO.Jinja.Values;

namespace ICPO.Jinja.Library;

/// <summary>
/// Wraps lines as Python's textwrap does when it keeps white space: at blanks, after hyphens inside words, and inside words longer
/// than a line.
/// </summary>
/// <param name="width">Maximum number of characters in a line.</param>
/// <param name="cut">Whether longer words are cut.</param>
/// <param name="hyphens">Whether a word may be broken after a hyphen.</param>
/// <param name="budget">What the work counts against.</param>
internal sealed partial class WordWrap(int width, bool cut, bool hyphens, Budget budget)
{
    /// <param name="line">One line.</param>
    /// <returns>The wrapped lines; none for a blank line.</returns>
    public List<string> Wrap(string line)
    {
        Stack<string> chunks = Chunks(line);
        var lines = new List<string>();
        while (chunks.Count > 0)
        {
            if (lines.Count > 0 && IsBlank(chunks.Peek()))
            {
                chunks.Pop();
            }

            List<string> current = [];
            int room = width;
            while (chunks.TryPeek(out string? next) && PythonText.Length(next, budget) <= room)
            {
                current.Add(chunks.Pop());
                room -= PythonText.Length(next, budget);
            }

            if (chunks.TryPeek(out string? word) && PythonText.Length(word, budget) > width)
            {
                Long(chunks, current, room);
            }

            if (current.Count > 0 && IsBlank(current[^1]))
            {
                current.RemoveAt(current.Count - 1);
            }

            if (current.Count > 0)
            {
                string wrapped = string.Concat(current);
                budget.MakePart(wrapped.Length);
                lines.Add(wrapped);
            }
        }

        return lines;
    }

    /// <summary>The unbreakable chunks of a line, the first on top.</summary>
    private Stack<string> Chunks(string line)
    {
        var chunks = new List<string>();
        foreach (ValueMatch match in (hyphens ? Words() : Blanks()).EnumerateMatches(line))
        {
            budget.MakeElements(3);
            budget.Make(match.Length);
            chunks.Add(line.Substring(match.Index, match.Length));
        }

        chunks.Reverse();
        return new(chunks);
    }

    /// <summary>A word longer than a line: a part of it fills the current line, or it gets a line to itself.</summary>
    private void Long(Stack<string> chunks, List<string> current, int room)
    {
        if (!cut)
        {
            if (current.Count == 0)
            {
                current.Add(chunks.Pop());
            }

            return;
        }

        string word = chunks.Pop();
        budget.Make(word.Length);
        string part = PythonText.Part(word, 0, room, budget);
        if (hyphens && part.LastIndexOf('-') is > 0 and var hyphen && part[..hyphen].Trim('-').Length > 0)
        {
            part = part[..(hyphen + 1)];
        }

        current.Add(part);
        chunks.Push(word[part.Length..]);
    }

    private static bool IsBlank(string chunk) => PythonText.TrimStart(chunk).Length == 0;

    [GeneratedRegex(@"[\t-\r ]+|[^\t-\r ]+")]
    private static partial Regex Blanks();

    // White space; a dash between words; a word up to a hyphen between letters, to its end, or to such a dash.
    [GeneratedRegex(
        """
            [\t-\r ]+
            | (?<=[\p{L}\p{N}_!"'&.,?]) -{2,} (?=[\p{L}\p{N}_])
            | [^\t-\r ]+? (?:
                -(?:(?<=[\p{L}\p{Nl}\p{No}_]{2}-)|(?<=[\p{L}\p{Nl}\p{No}_]-[\p{L}\p{Nl}\p{No}_]-))
                (?=[\p{L}\p{Nl}\p{No}_]-?[\p{L}\p{Nl}\p{No}_])
                | (?=[\t-\r\ ]|\z)
                | (?<=[\p{L}\p{N}_!"'&.,?]) (?=-{2,}[\p{L}\p{N}_]))
            """,
        RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Words();
}
