using ICPO.Jinja.Values;

namespace ICPO.Jinja.Library;

/// <summary>The methods that split a text.</summary>
internal static partial class PythonMethods
{
    public static List<string> Split(string text, string? separator, int most, Budget budget)
    {
        (List<string>? parts, int at) = (new List<string>(), 0);
        if (separator is { Length: 0 })
        {
            throw new TemplateFault("empty separator");
        }

        if (separator is null)
        {
            while (text.AsSpan(at).IndexOfAnyExcept(PythonText.SpaceValues) is >= 0 and var spaces)
            {
                at += spaces;
                int length = parts.Count == most ? -1 : text.AsSpan(at).IndexOfAny(PythonText.SpaceValues);
                int end = length < 0 ? text.Length : at + length;
                Add(end);
                at = end;
            }

            return parts;
        }

        while (parts.Count != most && TextSearch.First(text, separator, at, budget) is >= 0 and var next)
        {
            Add(next);
            at = next + separator.Length;
        }

        Add(text.Length);
        return parts;

        void Add(int end)
        {
            budget.MakePart(end - at);
            parts.Add(text[at..end]);
        }
    }

    private static List<string> SplitEnd(string text, string? separator, int most, Budget budget)
    {
        if (most < 0)
        {
            return Split(text, separator, most, budget);
        }

        (List<string>? parts, int end) = (new List<string>(), text.Length);
        if (separator is null)
        {
            while (text.AsSpan(0, end).LastIndexOfAnyExcept(PythonText.SpaceValues) is >= 0 and var last)
            {
                int start = parts.Count == most ? 0 : text.AsSpan(0, last).LastIndexOfAny(PythonText.SpaceValues) + 1;
                Add(start, last + 1);
                end = start;
            }
        }
        else if (separator.Length == 0)
        {
            throw new TemplateFault("empty separator");
        }
        else
        {
            while (parts.Count != most && TextSearch.Last(text, separator, end, budget) is >= 0 and var at)
            {
                Add(at + separator.Length, end);
                end = at;
            }

            Add(0, end);
        }

        parts.Reverse();
        return parts;

        void Add(int from, int to)
        {
            budget.MakePart(to - from);
            parts.Add(text[from..to]);
        }
    }

    private static PythonTuple Partition(string text, string separator, bool last, Budget budget)
    {
        if (separator.Length == 0)
        {
            throw new TemplateFault("empty separator");
        }

        budget.Make(text.Length);
        int at = last ? TextSearch.Last(text, separator, text.Length, budget) : TextSearch.First(text, separator, 0, budget);
        if (at >= 0)
        {
            return new([text[..at], separator, text[(at + separator.Length)..]]);
        }

        if (last)
        {
            return new(["", "", text]);
        }

        return new([text, "", ""]);
    }

    private static PythonList List(IEnumerable<string> parts) => new([.. parts]);
}
