using System.Globalization;
using System.Numerics;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Latex;

/// <summary>Numbers: finite and repeating decimals.</summary>
internal sealed partial class LatexParser
{
    /// <summary>A decimal of which only the first digits are known, "3.1415…": the name of its node.</summary>
    public const string Truncation = "truncated";

    private Node? ParseNumber(LatexToken token)
    {
        string digits = token.Text;
        if (digits.Contains('.', StringComparison.Ordinal))
        {
            if (!AtEnd && Current.Kind == TokenKind.Command && Current.Text is "overline" or "bar" or "dot")
            {
                bool dots = Current.Text == "dot";
                _at++;
                return ParseRepetend(digits, dots);
            }

            if (!AtEnd && Current.Is('…'))
            {
                _at++;
                return Continued(digits);
            }
        }

        if (Fraction.ParseDecimal(digits) is not { } value)
        {
            return Fail();
        }

        int point = digits.IndexOf('.', StringComparison.Ordinal);
        return new NumberNode(
            value,
            point < 0 ? 0 : digits.Length - point - 1,
            digits.AsSpan().TrimStart("0.").Length - (point > 0 && digits[0] != '0' ? 1 : 0)
        );
    }

    /// <summary>0.1\overline{6}, exactly. Two dots mark the first and the last digit of the period.</summary>
    private Node? ParseRepetend(string digits, bool dots)
    {
        string period = "";
        for (int marks = 0; marks < 2; marks++)
        {
            bool braces = Take('{');
            if (AtEnd || Current.Kind != TokenKind.Number || !Current.Text.All(char.IsAsciiDigit) || Current.Text.Length > 200)
            {
                return Fail();
            }

            period += Current.Text;
            _at++;
            if (braces && !Take('}'))
            {
                return Fail();
            }

            int inner = _at < _tokens.Count && _tokens[_at].Kind == TokenKind.Number ? 1 : 0;
            if (!dots || _at + inner >= _tokens.Count || !_tokens[_at + inner].IsCommand("dot"))
            {
                break;
            }

            period += inner == 1 ? Current.Text : "";
            _at += inner + 1;
        }

        return Repeating(digits, period);
    }

    private static NumberNode? Repeating(string digits, string period)
    {
        int decimals = digits.Length - digits.IndexOf('.', StringComparison.Ordinal) - 1;
        return
            Fraction.ParseDecimal(digits.EndsWith('.') ? digits + "0" : digits) is { } start
            && Fraction.Create(
                BigInteger.Parse(period, CultureInfo.InvariantCulture),
                (BigInteger.Pow(10, period.Length) - 1) * BigInteger.Pow(10, decimals)
            )
                is { } rest
            && Fraction.Add(start, rest) is { } value
            ? new NumberNode(value)
            : null;
    }

    /// <summary>0.333…: the shortest period that the last digits repeat at least twice; without one, a truncated decimal.</summary>
    private static Node? Continued(string digits)
    {
        string fraction = digits[(digits.IndexOf('.', StringComparison.Ordinal) + 1)..];
        for (int period = 1; period * 2 <= fraction.Length; period++)
        {
            ReadOnlySpan<char> last = fraction.AsSpan(fraction.Length - period);
            if (fraction.AsSpan(fraction.Length - (2 * period), period).SequenceEqual(last))
            {
                return Repeating(digits[..^period], last.ToString());
            }
        }

        return Fraction.ParseDecimal(digits) is { } value
            ? new CallNode(Truncation, [new NumberNode(value, fraction.Length, digits.AsSpan().TrimStart("0.").Length)])
            : null;
    }
}
