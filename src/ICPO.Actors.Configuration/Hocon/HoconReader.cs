using System.Collections.Immutable;
using System.Text;

namespace ICPO.Actors.Configuration.Hocon;

/// <summary>
/// Reads a subset of HOCON: objects, dotted keys, scalars, quoted strings, lists of scalars and comments. Akka's parser accepts unclosed
/// braces and missing substitutions silently and reports no line numbers, so configuration files are read here; whatever this reader
/// accepts, Akka's parser reads the same way.
/// </summary>
internal sealed class HoconReader
{
    /// <summary>
    /// Levels of a key, and maximum characters of a whole key: the cost of a value is bounded, regardless of how often it occurs.
    /// </summary>
    private const int MaxDepth = 64,
        MaxKeyLength = 256;

    private const int MaxValues = 10_000;
    private const string Reserved = "$\"{}[]:=,+#`^?!@*&\\";
    private readonly string _text;
    private readonly string _source;
    private readonly ImmutableArray<ConfigurationValue>.Builder _leaves = ImmutableArray.CreateBuilder<ConfigurationValue>();
    private int _at;
    private (int Position, int Line) _counted = (0, 1);

    private HoconReader(string text, string source)
    {
        _text = text.TrimStart('\uFEFF').ReplaceLineEndings("\n");
        _source = source;
    }

    /// <summary>
    /// The values in file order; for the same key the later one takes precedence. Time and memory are proportional to the text: levels, the
    /// length of a key and the number of values are bounded.
    /// </summary>
    /// <exception cref="ConfigurationException">The text is not in this subset; the message names the line.</exception>
    public static ImmutableArray<ConfigurationValue> Read(string text, string source)
    {
        var reader = new HoconReader(text, source);
        reader.ReadMembers("", depth: 0, openedAt: 0);
        return reader._leaves.ToImmutable();
    }

    private bool AtEnd => _at >= _text.Length;

    private char Next => AtEnd ? '\0' : _text[_at];

    private void ReadMembers(string prefix, int depth, int openedAt)
    {
        while (true)
        {
            SkipBlank();
            if (AtEnd)
            {
                if (openedAt > 0)
                {
                    throw Fault($"the brace opened in line {openedAt} is never closed; add a '}}'");
                }

                return;
            }

            if (Next == '}')
            {
                if (openedAt == 0)
                {
                    throw Fault("unmatched '}'; remove it or add the opening brace");
                }

                _at++;
                return;
            }

            ReadMember(prefix, depth);
        }
    }

    private void ReadMember(string prefix, int depth)
    {
        int line = Line(_at);
        string key = ReadKey(prefix, ref depth);
        SkipSpaces();
        if (Next is '+')
        {
            throw Fault($"'+=' is not supported; write the whole list of {key}");
        }

        bool assigned = Next is '=' or ':';
        if (assigned)
        {
            _at++;
            SkipSpaces();
        }

        if (Next == '{')
        {
            int opened = Line(_at++);
            ReadMembers(key + ".", depth, opened);
        }
        else if (!assigned)
        {
            throw Fault(
                key == "include" ? "'include' is not supported; name the file as another run file" : $"expected '=' or '{{' after {key}"
            );
        }
        else
        {
            ReadValue(key, line);
            SkipSpaces();
            if (!AtEnd && Next is not ('\n' or ',' or '}' or '#') && !AtComment)
            {
                throw Fault($"unexpected text after the value of {key}; put the whole value in double quotes");
            }
        }
    }

    private void ReadValue(string key, int line)
    {
        if (Next != '[')
        {
            Add(new ConfigurationValue(key, ReadScalar(key), null, $"{_source}:{line}"));
            return;
        }

        int start = _at++;
        ImmutableArray<string>.Builder items = ImmutableArray.CreateBuilder<string>();
        for (SkipBlank(); Next != ']'; SkipBlank())
        {
            if (AtEnd)
            {
                throw Fault($"the list of {key} in line {Line(start)} is never closed; add a ']'");
            }

            items.Add(ReadScalar(key));
        }

        _at++;
        Add(new ConfigurationValue(key, HoconWriter.List(items), items.ToImmutable(), $"{_source}:{line}"));
    }

    private void Add(ConfigurationValue value)
    {
        if (_leaves.Count == MaxValues)
        {
            throw Fault($"there are more than {MaxValues} values; remove repeated keys");
        }

        _leaves.Add(value);
    }

    private string ReadScalar(string key)
    {
        if (Next == '"')
        {
            return ReadQuoted();
        }

        int start = _at;
        while (!AtEnd && Next is not ('\n' or ',' or '}' or ']' or '#') && !AtComment)
        {
            if (Reserved.Contains(Next))
            {
                throw Fault(
                    Next == '$'
                        ? $"'$' substitutions are not supported; write the value of {key} itself"
                        : $"unquoted '{Next}' in the value of {key}; put the value in double quotes"
                );
            }

            _at++;
        }

        string value = _text[start.._at].Trim();
        return value.Length > 0 ? value : throw Fault($"{key} has no value; write one, or \"\" for an empty string");
    }

    private string ReadQuoted()
    {
        int start = _at++;
        var value = new StringBuilder();
        for (; Next != '"'; _at++)
        {
            if (AtEnd || Next == '\n')
            {
                throw Fault($"the string opened in line {Line(start)} is never closed; add a '\"'");
            }

            if (Next == '\\')
            {
                _at++;
                value.Append(
                    Next switch
                    {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        '"' or '\\' or '/' => Next,
                        _ => throw Fault($"'\\{Next}' is not an escape sequence; write '\\\\' for a backslash"),
                    }
                );
            }
            else
            {
                value.Append(Next);
            }
        }

        _at++;
        return value.ToString();
    }

    /// <param name="prefix">The keys around it, each with a dot.</param>
    /// <param name="depth">Levels of the prefix; then those of the whole key.</param>
    private string ReadKey(string prefix, ref int depth)
    {
        var key = new StringBuilder(prefix);
        while (true)
        {
            if (++depth > MaxDepth)
            {
                throw Fault($"keys nest deeper than {MaxDepth} levels; no configuration key does");
            }

            int start = _at;
            if (Next == '"')
            {
                key.Append(ReadQuoted());
            }
            else
            {
                while (char.IsAsciiLetterOrDigit(Next) || Next is '-' or '_')
                {
                    _at++;
                }

                key.Append(_text, start, _at - start);
            }

            if (_at == start)
            {
                throw Fault($"expected a key but found '{Next}'");
            }

            if (key.Length > MaxKeyLength)
            {
                throw Fault($"a key is longer than {MaxKeyLength} characters; no configuration key is");
            }

            if (Next != '.')
            {
                return key.ToString();
            }

            key.Append(Next);
            _at++;
        }
    }

    private bool AtComment => Next == '/' && _at + 1 < _text.Length && _text[_at + 1] == '/';

    private void SkipSpaces()
    {
        while (Next is ' ' or '\t')
        {
            _at++;
        }
    }

    /// <summary>Skips spaces, line ends, commas and comments.</summary>
    private void SkipBlank()
    {
        while (!AtEnd)
        {
            if (Next == '#' || AtComment)
            {
                int end = _text.IndexOf('\n', _at);
                _at = end < 0 ? _text.Length : end;
            }
            else if (char.IsWhiteSpace(Next) || Next == ',')
            {
                _at++;
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Counts on from the position of the last call, so that all calls together read the text once.</summary>
    private int Line(int position)
    {
        (int from, int line) = position >= _counted.Position ? _counted : (0, 1);
        _counted = (position, line + _text.AsSpan(from, position - from).Count('\n'));
        return _counted.Line;
    }

    private ConfigurationException Fault(string what) => new($"{_source}:{Line(Math.Min(_at, _text.Length))}: {what}.");
}
