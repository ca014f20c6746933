using System.Globalization;

namespace ICPO.Actors.Modeling;

/// <summary>[[fill]align][sign][#][0][width][grouping][.precision][type].</summary>
internal readonly record struct FormatSpec()
{
    public char Fill { get; init; }

    public char Align { get; init; }

    public char Sign { get; init; } = '-';

    public bool Alternate { get; init; }

    public bool Zero { get; init; }

    public int Width { get; init; } = -1;

    public char Grouping { get; init; }

    public int Precision { get; init; } = -1;

    public char Kind { get; init; }

    public string Plus => Sign == '-' ? "" : Sign.ToString();

    public static FormatSpec Parse(string text)
    {
        var (spec, at) = (new FormatSpec(), 0);
        if (text.Length > 1 && text[1] is '<' or '>' or '^' or '=')
        {
            (spec, at) = (spec with { Fill = text[0], Align = text[1] }, 2);
        }
        else if (text[0] is '<' or '>' or '^' or '=')
        {
            (spec, at) = (spec with { Align = text[0] }, 1);
        }

        if (at < text.Length && text[at] is '+' or '-' or ' ')
        {
            spec = spec with { Sign = text[at++] };
        }

        if (at < text.Length && text[at] == '#')
        {
            spec = spec with { Alternate = true };
            at++;
        }

        if (at < text.Length && text[at] == '0')
        {
            spec = spec with { Zero = true };
            at++;
        }

        spec = spec with { Width = Number() };
        if (at < text.Length && text[at] is ',' or '_')
        {
            spec = spec with { Grouping = text[at++] };
        }

        if (at < text.Length && text[at] == '.')
        {
            at++;
            spec = spec with { Precision = Number() is >= 0 and var precision ? precision : throw new TemplateFault("Format specifier missing precision") };
        }

        return at == text.Length ? spec
            : at == text.Length - 1 ? spec with { Kind = text[at] }
            : throw new TemplateFault($"Invalid format specifier '{text}'");

        int Number()
        {
            int start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }

            return Count(text[start..at]);
        }
    }

    /// <summary>A count as digits say it; -1 where there are none.</summary>
    public static int Count(string digits) => digits.Length == 0 ? -1
        : digits.Length > 9 ? throw new TemplateFault("Too many decimal digits in format string")
        : int.Parse(digits, CultureInfo.InvariantCulture);
}
