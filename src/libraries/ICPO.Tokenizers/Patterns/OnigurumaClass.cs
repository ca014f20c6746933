using System.Collections.Frozen;
using System.Globalization;
using ICPO.Tokenizers.Unicode;
using static System.Globalization.UnicodeCategory;

namespace ICPO.Tokenizers.Patterns;

/// <summary>Reads a set of characters: an escape, or a class in brackets with nested classes and intersections.</summary>
internal sealed class OnigurumaClass(OnigurumaReader reader, bool ignoresCase)
{
    private const int MaxDepth = 32;

    /// <summary>General categories by their two letters, and groups of them by the first.</summary>
    private static readonly FrozenDictionary<string, Lazy<CodePointSet>> ByCategory = Enum.GetValues<UnicodeCategory>()
        .SelectMany(c => new[] { Abbreviation(c), Abbreviation(c)[..1] }, (c, name) => (name, c))
        .GroupBy(c => c.name, c => c.c)
        .ToFrozenDictionary(group => group.Key, group => new Lazy<CodePointSet>(() => CodePointSet.Of(group.Contains)));

    private static readonly CodePointSet Digit = CodePointSet.Of(c => c == DecimalDigitNumber);
    private static readonly CodePointSet Space = CodePointSet
        .Of(c => c is SpaceSeparator or LineSeparator or ParagraphSeparator)
        .Or(CodePointSet.Of("\t\n\v\f\r\u0085"));
    private static readonly CodePointSet Hexadecimal = CodePointSet
        .Range('0', '9')
        .Or(CodePointSet.Range('A', 'F'))
        .Or(CodePointSet.Range('a', 'f'));

    private int _depth;

    /// <summary>What follows a backslash: a set, or one literal character.</summary>
    public static (CodePointSet Set, int? Literal) Escape(OnigurumaReader reader)
    {
        int kind = reader.Last;
        return kind switch
        {
            'd' => (Digit, null),
            'D' => (Digit.Not(), null),
            's' => (Space, null),
            'S' => (Space.Not(), null),
            'w' => (UnicodeRanges.Word, null),
            'W' => (UnicodeRanges.Word.Not(), null),
            'h' => (Hexadecimal, null),
            'H' => (Hexadecimal.Not(), null),
            'N' => (CodePointSet.Range('\n', '\n').Not(), null),
            'O' => (CodePointSet.None.Not(), null),
            'p' or 'P' => (Property(reader, isNegated: kind == 'P'), null),
            't' => (CodePointSet.None, '\t'),
            'n' => (CodePointSet.None, '\n'),
            'r' => (CodePointSet.None, '\r'),
            'f' => (CodePointSet.None, '\f'),
            'v' => (CodePointSet.None, '\v'),
            'a' => (CodePointSet.None, '\a'),
            'e' => (CodePointSet.None, '\u001B'),
            'x' => (CodePointSet.None, reader.Number(2, 16, isExact: false)),
            'u' => (CodePointSet.None, reader.Number(4, 16, isExact: true)),
            '0' => (CodePointSet.None, reader.Number(2, 8, isExact: false)),
            _ when kind < 128 && char.IsAsciiLetterOrDigit((char)kind) => throw reader.Bad($"\\{(char)kind} is not supported"),
            _ => (CodePointSet.None, kind),
        };
    }

    /// <summary>A class whose opening bracket has been read, to its end.</summary>
    public CodePointSet Read()
    {
        if (++_depth > MaxDepth)
        {
            throw reader.Bad($"classes are nested deeper than {MaxDepth}");
        }

        bool isNegated = reader.Take("^");
        CodePointSet? met = null; // the part before &&
        CodePointSet members = CodePointSet.None;
        for (bool isFirst = true; ; isFirst = false)
        {
            if (reader.Take("&&"))
            {
                (met, members) = (met is null ? members : met.And(members), CodePointSet.None);
            }
            else if (reader.Next() == ']' && !(isFirst && reader.Holds("]")))
            {
                break;
            }
            else
            {
                members = members.Or(Member());
            }
        }

        _depth--;
        CodePointSet set = met is null ? members : met.And(members);
        set = ignoresCase ? set.IgnoringCase() : set;
        return isNegated ? set.Not() : set;
    }

    /// <summary>A character, a range, an escape, or a class, whose first character has been read.</summary>
    private CodePointSet Member()
    {
        if (reader.Last == '[')
        {
            return reader.Take(":") ? Bracket() : Read();
        }

        (CodePointSet? set, int? literal) = One();
        if (literal is not { } first)
        {
            return set;
        }

        if (!reader.Take("-"))
        {
            return CodePointSet.Range(first, first);
        }

        if (reader.Peek is ']' or '[')
        {
            return CodePointSet.Range(first, first).Or(CodePointSet.Range('-', '-')); // a literal -
        }

        reader.Next();
        return One().Literal is { } last && last >= first
            ? CodePointSet.Range(first, last)
            : throw reader.Bad("a range ends before it begins");
    }

    private (CodePointSet Set, int? Literal) One()
    {
        if (reader.Last != '\\')
        {
            return (CodePointSet.None, reader.Last);
        }

        return reader.Next() == 'b' ? (CodePointSet.None, '\b') : Escape(reader);
    }

    /// <summary>[:name:], of which [: has been read.</summary>
    private CodePointSet Bracket()
    {
        bool isNegated = reader.Take("^");
        CodePointSet set =
            reader.Take("digit:]") ? Digit
            : reader.Take("space:]") ? Space
            : reader.Take("word:]") ? UnicodeRanges.Word
            : reader.Take("xdigit:]") ? Hexadecimal
            : reader.Take("ascii:]") ? CodePointSet.Range(0, 0x7F)
            : reader.Take("cntrl:]") ? CodePointSet.Of(c => c == Control)
            : reader.Take("blank:]") ? CodePointSet.Of(c => c == SpaceSeparator).Or(CodePointSet.Of("\t"))
            : throw reader.Bad("a class in [: :] of this name is not supported");
        return isNegated ? set.Not() : set;
    }

    /// <summary>{category} or {script}, also {^category}.</summary>
    private static CodePointSet Property(OnigurumaReader reader, bool isNegated)
    {
        string name = reader.Name();
        isNegated ^= name[0] == '^';
        string plain = name.TrimStart('^');
        CodePointSet set = ByCategory.GetValueOrDefault(plain)?.Value
            ?? UnicodeScripts.Find(plain)
            ?? throw reader.Bad(
                $"the property {name} is not supported, only general categories (L, Lu, N, …) and the scripts "
                    + $"{string.Join(", ", UnicodeScripts.Names)} are"
            );
        return isNegated ? set.Not() : set;
    }

    /// <summary>Unicode's two letters for a category.</summary>
    private static string Abbreviation(UnicodeCategory category) =>
        category switch
        {
            UppercaseLetter => "Lu",
            LowercaseLetter => "Ll",
            TitlecaseLetter => "Lt",
            ModifierLetter => "Lm",
            OtherLetter => "Lo",
            NonSpacingMark => "Mn",
            SpacingCombiningMark => "Mc",
            EnclosingMark => "Me",
            DecimalDigitNumber => "Nd",
            LetterNumber => "Nl",
            OtherNumber => "No",
            SpaceSeparator => "Zs",
            LineSeparator => "Zl",
            ParagraphSeparator => "Zp",
            Control => "Cc",
            Format => "Cf",
            Surrogate => "Cs",
            PrivateUse => "Co",
            ConnectorPunctuation => "Pc",
            DashPunctuation => "Pd",
            OpenPunctuation => "Ps",
            ClosePunctuation => "Pe",
            InitialQuotePunctuation => "Pi",
            FinalQuotePunctuation => "Pf",
            OtherPunctuation => "Po",
            MathSymbol => "Sm",
            CurrencySymbol => "Sc",
            ModifierSymbol => "Sk",
            OtherSymbol => "So",
            _ => "Cn",
        };
}
