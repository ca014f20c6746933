using System.Globalization;
using ICPO.Tokenizers.Unicode;

namespace ICPO.Tokenizers.Patterns;

/// <summary>
/// A parsed regular expression in Oniguruma's notation, as in tokenizer.json: everything that matches a character becomes
/// a numbered set of code points, the constructs around it are written in .NET's notation.
/// </summary>
internal sealed class OnigurumaPattern
{
    /// <summary>The longest pattern, and its maximum number of different sets: what it is translated to is a multiple of both.</summary>
    private const int MaxLength = 4096,
        MaxSets = 256;

    /// <summary>Letter pairs that equal one character if case is ignored: ß is ss.</summary>
    private static readonly string[] Ligatures = ["ss", "ff", "fi", "fl", "st"];

    /// <summary>\w outside of a class also matches the fractions and superscript digits of Latin-1.</summary>
    private static readonly CodePointSet Word = UnicodeRanges.Word.Or(CodePointSet.Of("²³¹¼½¾"));

    private readonly OnigurumaReader _reader;
    private readonly List<CodePointSet> _sets = [];
    private readonly List<object> _parts = []; // text, or the number of a set
    private readonly Stack<(int Start, bool IgnoresCase, bool DotIsAll)> _groups = new();
    private bool _ignoresCase;
    private bool _dotIsAll;
    private int _atom = -1; // start of the last part that can be repeated; −1 if there is none
    private string _run = ""; // consecutive literals that are matched ignoring case

    private OnigurumaPattern(string pattern)
    {
        if (pattern.Length > MaxLength)
        {
            throw new ArgumentException($"it is longer than {MaxLength} characters");
        }

        _reader = new(pattern);
        while (!_reader.AtEnd)
        {
            Read();
        }

        if (_groups.Count > 0)
        {
            throw _reader.Bad("a ) is missing");
        }
    }

    public IReadOnlyList<CodePointSet> Sets => _sets;

    /// <exception cref="ArgumentException">It is malformed or uses an unsupported construct; names it and its position.</exception>
    public static OnigurumaPattern Parse(string pattern) => new(pattern);

    /// <summary>In .NET's notation, with the given texts for the sets.</summary>
    public string Write(Func<int, string> set) => string.Concat(_parts.Select(p => p is int number ? set(number) : (string)p));

    private void Read()
    {
        string before = _run;
        _run = "";
        switch (_reader.Next())
        {
            case '(':
                Open();
                break;
            case ')':
                Close();
                break;
            case '|':
                Add("|");
                _atom = -1;
                break;
            case '*' or '+' or '?':
                Repeat(char.ConvertFromUtf32(_reader.Last));
                break;
            case '{' when _reader.Interval() is { } interval:
                Repeat(interval);
                break;
            case '^':
                Assert($"(?:\\A|(?<={Mark(Line)})(?!\\z))");
                break;
            case '$':
                Assert($"(?={Mark(Line)}|\\z)");
                break;
            case '.':
                Match(_dotIsAll ? CodePointSet.None.Not() : Line.Not());
                break;
            case '[':
                Match(new OnigurumaClass(_reader, _ignoresCase).Read());
                break;
            case '\\':
                Escape();
                break;
            default:
                Literal(_reader.Last, before);
                break;
        }
    }

    private static CodePointSet Line => CodePointSet.Range('\n', '\n');

    private void Escape()
    {
        switch (_reader.Next())
        {
            case 'A' or 'z':
                Assert($"\\{(char)_reader.Last}");
                break;
            case 'Z':
                Assert($"(?={Mark(Line)}?\\z)");
                break;
            case 'b' or 'B':
                string word = Mark(Word);
                Assert(
                    _reader.Last == 'b'
                        ? $"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))"
                        : $"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))"
                );
                break;
            case 'w' or 'W':
                Match(_reader.Last == 'w' ? Word : Word.Not());
                break;
            case 'R':
                Whole($"(?>{Mark(CodePointSet.Of("\r"))}{Mark(Line)}|{Mark(CodePointSet.Of("\n\v\f\r\u0085\u2028\u2029"))})");
                break;
            default:
                (CodePointSet? set, int? literal) = OnigurumaClass.Escape(_reader);
                if (literal is { } point)
                {
                    Literal(point, "");
                }
                else
                {
                    Match(set);
                }

                break;
        }
    }

    private void Literal(int point, string before)
    {
        _run = before + char.ConvertFromUtf32(point).ToLowerInvariant();
        if (_ignoresCase && Ligatures.FirstOrDefault(l => _run.EndsWith(l, StringComparison.Ordinal)) is { } pair)
        {
            throw _reader.Bad($"'{pair}' without regard to case is not supported");
        }

        var one = CodePointSet.Range(point, point);
        Match(_ignoresCase ? one.IgnoringCase() : one);
    }

    /// <summary>Reads ( and what follows it. Groups are not numbered: there are no back references.</summary>
    private void Open()
    {
        int start = _parts.Count;
        (int start, bool _ignoresCase, bool _dotIsAll) outside = (start, _ignoresCase, _dotIsAll);
        if (_reader.Take("?"))
        {
            string? kind = new[] { "<=", "<!", "=", "!", ">", ":" }.FirstOrDefault(_reader.Take);
            if (kind is null && Options() is { } scope)
            {
                if (scope == ')') // they apply to the end of the group that they begin
                {
                    return;
                }

                kind = ":";
            }

            if (kind is null && !_reader.TakeName())
            {
                throw _reader.Bad($"(?{(char)_reader.Peek} is not supported");
            }

            Add($"(?{kind ?? ":"}");
        }
        else
        {
            Add("(?:");
        }

        _groups.Push(outside);
        _atom = -1;
    }

    /// <summary>Option switches up to : or ), which is returned; null if there are none.</summary>
    private int? Options()
    {
        bool isFirst = _parts.Count == (_groups.TryPeek(out (int Start, bool IgnoresCase, bool DotIsAll) group) ? group.Start + 1 : 0);
        if ((char)_reader.Peek is not ('i' or 'm' or '-'))
        {
            return null;
        }

        for (bool on = true; ; )
        {
            switch (_reader.Next())
            {
                case 'i':
                    _ignoresCase = on;
                    break;
                case 'm':
                    _dotIsAll = on;
                    break;
                case '-':
                    on = false;
                    break;
                case ':':
                    return ':';
                case ')' when isFirst:
                    return ')';
                default:
                    throw _reader.Bad("these options are not supported");
            }
        }
    }

    private void Close()
    {
        if (!_groups.TryPop(out (int Start, bool IgnoresCase, bool DotIsAll) group))
        {
            throw _reader.Bad("there is an unmatched )");
        }

        (_atom, _ignoresCase, _dotIsAll) = group;
        Add(")");
    }

    private void Repeat(string quantifier)
    {
        if (_atom < 0)
        {
            throw _reader.Bad("there is nothing to repeat");
        }

        bool isPossessive = quantifier.Length == 1 && _reader.Take("+");
        bool isLazy = !isPossessive && _reader.Take("?");
        if (isLazy && quantifier.Length > 1 && !quantifier.Contains(','))
        {
            throw _reader.Bad($"{quantifier}? is not supported");
        }

        _parts.Insert(_atom, isPossessive ? "(?>" : "(?:");
        Add($"{quantifier}{(isLazy ? "?" : "")})");
    }

    private void Match(CodePointSet set)
    {
        _atom = _parts.Count;
        _parts.Add(Number(set));
    }

    private void Assert(string text)
    {
        Whole(text);
        _atom = -1;
    }

    /// <summary>A text in which sets are marked.</summary>
    private void Whole(string text)
    {
        _atom = _parts.Count;
        Add("(?:");
        string[] pieces = text.Split('\u0001');
        for (int i = 0; i < pieces.Length; i++)
        {
            _parts.Add(i % 2 == 0 ? pieces[i] : int.Parse(pieces[i], CultureInfo.InvariantCulture));
        }

        Add(")");
    }

    private string Mark(CodePointSet set) => $"\u0001{Number(set)}\u0001";

    private int Number(CodePointSet set)
    {
        int known = _sets.FindIndex(s => s.Edges.SequenceEqual(set.Edges));
        if (known < 0)
        {
            known =
                _sets.Count < MaxSets
                    ? _sets.Count
                    : throw new ArgumentException($"it has more than {MaxSets} different kinds of characters");
            _sets.Add(set);
        }

        return known;
    }

    private void Add(string text) => _parts.Add(text);
}
