using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;
using ICPO.MathAnswers.Settings;

namespace ICPO.MathAnswers.Extraction;

/// <summary>Removes the reasoning block that precedes a model's answer. Thread-safe.</summary>
public sealed class Thoughts
{
    private readonly FrozenDictionary<string, bool>.AlternateLookup<ReadOnlySpan<char>> _tags;
    private readonly ImmutableArray<(string Text, bool Closes)> _others;
    private readonly SearchValues<char> _starts;

    /// <param name="marks">
    /// Names such as <c>think</c>, which denote <c>&lt;think&gt;…&lt;/think&gt;</c>, <c>[think]…[/think]</c>, <c>◁think▷…◁/think▷</c> and
    /// <c>&lt;|begin_of_think|&gt;…&lt;|end_of_think|&gt;</c>; or the two marks themselves, separated by a space. Case is ignored.
    /// </param>
    /// <exception cref="ArgumentException">A mark is empty, too long, or more than two.</exception>
    public Thoughts(ImmutableArray<string> marks)
    {
        Dictionary<string, bool> tags = new(StringComparer.OrdinalIgnoreCase);
        List<(string, bool)> others = [];
        foreach (string mark in marks)
        {
            if (ThoughtMarks.Problem(mark) is { } problem)
            {
                throw new ArgumentException(problem, nameof(marks));
            }

            if (mark.Split(' ') is [var open, var close])
            {
                others.Add((open, false));
                others.Add((close, true));
                continue;
            }

            foreach (
                string form in (ReadOnlySpan<string>)
                    [$"<{mark}>", $"[{mark}]", $"◁{mark}▷", $"<|{mark}|>", $"<|begin_of_{mark}|>", $"<|start_{mark}|>"]
            )
            {
                tags[form] = false;
            }

            foreach (
                string form in (ReadOnlySpan<string>)
                    [$"</{mark}>", $"[/{mark}]", $"◁/{mark}▷", $"<|/{mark}|>", $"<|end_of_{mark}|>", $"<|end_{mark}|>"]
            )
            {
                tags[form] = true;
            }
        }

        _tags = tags.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        _others = [.. others];
        _starts = SearchValues.Create([
            '<',
            '[',
            '◁',
            .. _others.SelectMany(o => new[] { char.ToLowerInvariant(o.Text[0]), char.ToUpperInvariant(o.Text[0]) }),
        ]);
    }

    internal static Thoughts Default { get; } = new(ThoughtMarks.Default);

    /// <summary>The text after the last closed block; for a block that is never closed, the text before it.</summary>
    public string Skip(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int start = 0,
            end = text.Length;
        for (int at = Next(text, 0); at >= 0; at = Next(text, at + 1))
        {
            if (Mark(text, at) is not { } mark)
            {
                continue;
            }

            if (mark.Closes)
            {
                (start, end) = (mark.End, text.Length);
            }
            else if (end == text.Length)
            {
                end = at;
            }
        }

        return start == 0 && end == text.Length ? text : text[start..Math.Max(start, end)];
    }

    private int Next(string text, int from)
    {
        int at = from >= text.Length ? -1 : text.AsSpan(from).IndexOfAny(_starts);
        return at < 0 ? -1 : from + at;
    }

    private (bool Closes, int End)? Mark(string text, int at)
    {
        ReadOnlySpan<char> rest = text.AsSpan(at, Math.Min(ThoughtMarks.MaxLength + 20, text.Length - at));
        int close = rest.IndexOf(
            rest[0] switch
            {
                '<' => '>',
                '[' => ']',
                _ => '▷',
            }
        );
        if (close > 0 && _tags.TryGetValue(rest[..(close + 1)], out bool closes))
        {
            return (closes, at + close + 1);
        }

        foreach ((string mark, bool ends) in _others)
        {
            if (rest.StartsWith(mark, StringComparison.OrdinalIgnoreCase))
            {
                return (ends, at + mark.Length);
            }
        }

        return null;
    }
}
