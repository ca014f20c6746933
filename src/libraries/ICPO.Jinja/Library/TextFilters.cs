using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using ICPO.Jinja.Values;

namespace ICPO.Jinja.Library;

/// <summary>Filters of text.</summary>
internal static partial class TemplateFilters
{
    private static string Replace(object? value, Arguments arguments)
    {
        Arguments.Bound bound = arguments.Bind("replace", 2, "old", "new", "count");
        return PythonMethods.Replace(
            PythonText.Str(value, arguments.Budget),
            PythonText.Str(bound[0], arguments.Budget),
            PythonText.Str(bound[1], arguments.Budget),
            bound[2] is null ? -1 : bound.Integer(2, -1),
            arguments.Budget
        );
    }

    private static object? Format(object? value, Arguments arguments)
    {
        if (arguments.Positional.Count > 0 && arguments.Named.Count > 0)
        {
            throw new TemplateFault("can't handle positional and keyword arguments at the same time");
        }

        object? values =
            arguments.Named.Count > 0 ? new PythonDict(arguments.Named, arguments.Budget) : new PythonTuple([.. arguments.Positional]);
        return PythonOperators.Apply("%", value as Markup ?? (object)PythonText.Str(value, arguments.Budget), values, arguments.Budget);
    }

    private static string Title(string text, Budget budget)
    {
        var result = new StringBuilder(text.Length);
        int start = 0;
        foreach (ValueMatch separator in WordStart().EnumerateMatches(text))
        {
            result.Append(Word(text[start..separator.Index])).Append(text, separator.Index, separator.Length);
            start = separator.Index + separator.Length;
        }

        return result.Append(Word(text[start..])).ToString();

        string Word(string word)
        {
            int first = PythonText.Offset(word, 1);
            budget.MakePart(2L * word.Length);
            return PythonCasing.Upper(word[..first], budget) + PythonCasing.Lower(word[first..], budget);
        }
    }

    private static object? Indent(object? value, Arguments arguments)
    {
        Arguments.Bound bound = arguments.Bind("indent", 0, "width", "first", "blank");
        string text = PythonText.AsText(value)
            ?? throw (value as Undefined)?.Fail()
                ?? new TemplateFault($"unsupported operand type(s) for +=: '{PythonText.TypeName(value)}' and 'str'");
        string? width = PythonText.AsText(bound.Or(0, new BigInteger(4)));
        (int size, List<string>? lines) = (
            bound.Has(0) && width is null ? bound.Integer(0, 4) : 4,
            PythonText.Lines(text + "\n", arguments.Budget)
        );
        arguments.Budget.Make(text.Length + ((long)lines.Count * (width?.Length ?? Math.Max(0, size))));
        string indentation = width ?? new string(' ', Math.Max(0, size));
        IEnumerable<string> rest = lines.Skip(1).Select(line => line.Length > 0 || bound.Truth(2) ? indentation + line : line);
        string result = (bound.Truth(1) ? indentation : "") + string.Join('\n', rest.Prepend(lines[0]));
        return value is Markup ? new Markup(result) : result;
    }

    private static object? Truncate(object? value, Arguments arguments)
    {
        Arguments.Bound bound = arguments.Bind("truncate", 0, "length", "killwords", "end", "leeway");
        (int length, string? end, int leeway) = (bound.Integer(0, 255), bound.Text(2) ?? "...", bound[3] is null ? 5 : bound.Integer(3, 5));
        if (length < PythonText.Length(end, arguments.Budget) || leeway < 0)
        {
            throw new TemplateFault($"expected length >= {PythonText.Length(end, arguments.Budget)}, got {length}");
        }

        if (PythonCompare.Length(value, arguments.Budget) is { } whole && whole <= (long)length + leeway)
        {
            return value;
        }

        string text = PythonText.AsText(value)
            ?? throw new TemplateFault($"object of type '{PythonText.TypeName(value)}' cannot be truncated");
        text = PythonText.Part(text, 0, length - PythonText.Length(end, arguments.Budget), arguments.Budget);
        return (bound.Truth(1) || text.LastIndexOf(' ') is var cut && cut < 0 ? text : text[..text.LastIndexOf(' ')]) + end;
    }

    private static string StripTags(object? value, Arguments arguments)
    {
        string text = PythonText.Str(Only(arguments, value), arguments.Budget);
        text = Without(Without(text, "<!--", "-->"), "<", ">");
        text = string.Join(' ', PythonMethods.Split(text, null, -1, arguments.Budget));
        return System.Net.WebUtility.HtmlDecode(text);
    }

    /// <summary>A text without the delimiters and everything between them.</summary>
    private static string Without(string text, string open, string close)
    {
        (StringBuilder? result, int at) = (new StringBuilder(), 0);
        while (
            text.IndexOf(open, at, StringComparison.Ordinal) is >= 0 and var start
            && text.IndexOf(close, start, StringComparison.Ordinal) is >= 0 and var end
        )
        {
            result.Append(text, at, start - at);
            at = end + close.Length;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    private static string ToJson(object? value, Arguments arguments)
    {
        Arguments.Bound bound = arguments.Bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
        string? indent = bound[1] is null ? null : PythonText.AsText(bound[1]) ?? new string(' ', Math.Clamp(bound.Integer(1, 0), 0, 1000));
        (string? item, string? key) = (indent is null ? ", " : ",", ": ");
        if (bound[2] is not null)
        {
            if (PythonCompare.Iterate(bound[2], arguments.Budget).Take(3).Select(PythonText.AsText).ToList() is not [{ } first, { } second])
            {
                throw new TemplateFault("separators must be two texts");
            }

            (item, key) = (first, second);
        }

        var format = new JsonFormat
        {
            AsciiOnly = bound.Truth(0),
            Indent = indent,
            BetweenItems = item,
            AfterKey = key,
            SortKeys = bound.Truth(3),
        };
        return PythonJson.Write(value, format, arguments.Budget);
    }

    private static string FileSize(object? value, Arguments arguments)
    {
        bool binary = arguments.Bind("filesizeformat", 0, "binary").Truth(0);
        double bytes = PythonNumbers.AsDouble(value)
            ?? (PythonText.AsText(value) is { } text ? PythonNumbers.ParseDouble(text, arguments.Budget) : null)
            ?? throw (value as Undefined)?.Fail() ?? new TemplateFault("filesizeformat needs a number");
        double unit = binary ? 1024 : 1000;
        if (bytes == 1)
        {
            return "1 Byte";
        }

        if (bytes < unit)
        {
            return double.IsFinite(bytes)
                ? $"{new BigInteger(bytes)} Bytes"
                : throw new TemplateFault("cannot convert float infinity to integer");
        }

        (double step, string? prefixes) = (unit, "kMGTPEZY");
        double size = unit * unit;
        int at = 0;
        for (; at < prefixes.Length - 1 && !(bytes < size); at++)
        {
            size *= unit;
        }

        return PercentFormat.Format("%.1f ", step * bytes / size, arguments.Budget)
            + (binary ? char.ToUpperInvariant(prefixes[at]) + "iB" : prefixes[at] + "B");
    }

    private static string UrlEncode(object? value, Arguments arguments)
    {
        Only(arguments, null);
        if (PythonText.AsText(value) is not null || !PythonCompare.IsIterable(value))
        {
            return Quote(value, false);
        }

        IEnumerable<object?> pairs = value is PythonDict dict
            ? new DictView(dict, "items").Items
            : PythonCompare.Iterate(value, arguments.Budget);
        return PythonMethods.Join(
            "&",
            pairs.Select(p =>
                PythonCompare.Iterate(p, arguments.Budget).Take(3).ToList() is [var k, var v]
                    ? $"{Quote(k, true)}={Quote(v, true)}"
                    : throw new TemplateFault("urlencode needs pairs")
            ),
            arguments.Budget
        );

        string Quote(object? part, bool query)
        {
            var result = new StringBuilder();
            foreach (byte b in Encoding.UTF8.GetBytes(PythonText.Str(part, arguments.Budget)))
            {
                string piece = (char)b switch
                {
                    ' ' when query => "+",
                    '/' when !query => "/",
                    '_' or '.' or '-' or '~' or (>= '0' and <= '9') or (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') => $"{(char)b}",
                    _ => $"%{b:X2}",
                };
                arguments.Budget.MakePart(piece.Length);
                result.Append(piece);
            }

            return result.ToString();
        }
    }

    private static string XmlAttributes(object? value, Arguments arguments)
    {
        bool space = arguments.Bind("xmlattr", 0, "autospace").Truth(0, otherwise: true);
        PythonDict dict = value as PythonDict ?? throw (value as Undefined)?.Fail() ?? new TemplateFault("xmlattr needs a mapping");
        IEnumerable<string> parts = dict
            .Entries.Where(e => e.Value is not (null or Undefined))
            .Select(e => $"{Key(e.Key)}=\"{Value(e.Value)}\"");
        string text = PythonMethods.Join(" ", parts, arguments.Budget);
        return space && text.Length > 0 ? " " + text : text;

        string Key(object? key)
        {
            string name = PythonText.AsText(key)
                ?? throw new TemplateFault($"expected string or bytes-like object, got '{PythonText.TypeName(key)}'");
            return name.Any(c => c is (>= '\t' and <= '\r') or ' ' or '/' or '>' or '=')
                ? throw new TemplateFault($"Invalid character in attribute name: {PythonText.Repr(name, arguments.Budget)}")
                : PythonOperators.Escape(name, arguments.Budget);
        }

        string Value(object? item) =>
            (item as Markup)?.Value ?? PythonOperators.Escape(PythonText.Str(item, arguments.Budget), arguments.Budget);
    }

    /// <summary>Wraps each line separately.</summary>
    private static string WordWrap(object? value, Arguments arguments)
    {
        Arguments.Bound bound = arguments.Bind("wordwrap", 0, "width", "break_long_words", "wrapstring", "break_on_hyphens");
        string text = PythonText.AsText(value)
            ?? throw (value as Undefined)?.Fail()
                ?? new TemplateFault($"'{PythonText.TypeName(value)}' object has no attribute 'splitlines'");
        (int width, List<string>? lines) = (bound.Integer(0, 79), PythonText.Lines(text, arguments.Budget));
        if (width <= 0 && lines.Count > 0)
        {
            throw new TemplateFault($"invalid width {width} (must be > 0)");
        }

        var wrap = new WordWrap(width, bound.Truth(1, otherwise: true), bound.Truth(3, otherwise: true), arguments.Budget);
        string between = (bound[2] is null ? null : bound.Text(2)) ?? "\n";
        IEnumerable<string> wrapped = lines.SelectMany(line => wrap.Wrap(line) is { Count: > 0 } parts ? parts : [""]);
        return PythonMethods.Join(between, wrapped, arguments.Budget);
    }

    // Python's \s includes the ASCII separators.
    [GeneratedRegex(@"[-\s\x1c-\x1f({\[<]+")]
    private static partial Regex WordStart();
}
