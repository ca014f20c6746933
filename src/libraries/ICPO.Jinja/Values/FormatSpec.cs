using System.Globalization;

namespace ICPO.Jinja.Values;

/// <summary>[[fill]align][sign][z][#][0][width][grouping][.precision][type].</summary>
internal readonly record struct FormatSpec()
{
    /// <summary>One character; empty if none was given.</summary>
    public string Fill { get; init; } = "";

    public char Align { get; init; }

    public char Sign { get; init; }

    /// <summary>Whether negative zero is formatted as zero.</summary>
    public bool NoNegativeZero { get; init; }

    public bool Alternate { get; init; }

    public bool Zero { get; init; }

    public int Width { get; init; } = -1;

    public char Grouping { get; init; }

    public int Precision { get; init; } = -1;

    public char Kind { get; init; }

    public string Plus => Sign is '+' or ' ' ? Sign.ToString() : "";

    public static FormatSpec Parse(string text)
    {
        (FormatSpec spec, int at) = (new FormatSpec(), 0);
        int fill = PythonText.Offset(text, 1);
        if (fill < text.Length && IsAlign(text[fill]))
        {
            (spec, at) = (spec with { Fill = text[..fill], Align = text[fill] }, fill + 1);
        }
        else if (IsAlign(text[0]))
        {
            (spec, at) = (spec with { Align = text[0] }, 1);
        }

        spec = spec with { Sign = Take('+', '-', ' ') };
        spec = spec with { NoNegativeZero = Take('z') != '\0' };
        spec = spec with { Alternate = Take('#') != '\0' };
        spec = spec with { Zero = spec.Fill.Length == 0 && Take('0') != '\0' };
        spec = spec with { Width = Number() };
        spec = spec with { Grouping = Take(',', '_') };
        if (Take('.') != '\0')
        {
            spec = spec with
            {
                Precision = Number() is >= 0 and var precision ? precision : throw new TemplateFault("Format specifier missing precision"),
            };
        }

        if (at == text.Length)
        {
            return spec;
        }

        if (at == text.Length - 1)
        {
            return spec with { Kind = text[at] };
        }

        throw new TemplateFault($"Invalid format specifier '{text}'");

        char Take(params ReadOnlySpan<char> expected) => at < text.Length && expected.Contains(text[at]) ? text[at++] : '\0';

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

    private static bool IsAlign(char c) => c is '<' or '>' or '^' or '=';

    /// <summary>The number that digits spell; -1 if there are none.</summary>
    public static int Count(string digits)
    {
        if (digits.Length == 0)
        {
            return -1;
        }

        if (digits.Length > 9)
        {
            throw new TemplateFault("Too many decimal digits in format string");
        }

        return int.Parse(digits, CultureInfo.InvariantCulture);
    }
}
