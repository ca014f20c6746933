using System.Text;

namespace ICPO.MathAnswers.Latex;

/// <summary>Numbers with digit groups and exponents.</summary>
internal sealed partial class LatexTokenizer
{
    private void ScanNumber()
    {
        bool grouped =
            _reading != NumberReading.Listed
            && (_brackets == 0 || (_reading == NumberReading.Grouped && _text.Contains(", ", StringComparison.Ordinal))); // (1,000, 2,000)
        bool european = _reading == NumberReading.DecimalComma && _brackets == 0;
        char point = european ? ',' : '.',
            comma = european ? '.' : ',';
        StringBuilder digits = new();
        TakeDigits(digits);
        int first = digits.Length;
        while (first is > 0 and <= 3 && GroupEnd(grouped, comma) is > 0 and int start)
        {
            _at = start;
            TakeDigits(digits, 3);
        }

        if (_at + 1 < _text.Length && _text[_at] == point && char.IsAsciiDigit(_text[_at + 1]))
        {
            _at++;
            digits.Append('.');
            TakeDigits(digits);
        }
        else if (_at + 1 < _text.Length && _text[_at] == '.' && point == '.' && RepeatsFrom(_at + 1))
        {
            _at++;
            digits.Append(first > 0 ? "." : "0.");
        }

        Add(TokenKind.Number, digits.ToString());
        ScanExponent();
    }

    /// <summary>e5 or E-3 directly after digits.</summary>
    private void ScanExponent()
    {
        int at = _at;
        if (at < _text.Length && _text[at] is 'e' or 'E')
        {
            at++;
            int sign = at < _text.Length && _text[at] is '-' or '+' ? 1 : 0;
            int end = at + sign;
            while (end < _text.Length && end - at - sign < 4 && char.IsAsciiDigit(_text[end]))
            {
                end++;
            }

            if (end > at + sign && (end == _text.Length || !char.IsLetterOrDigit(_text[end])))
            {
                string exponent = _text[at..end];
                _at = end;
                Add(TokenKind.Sign, "*");
                Add(TokenKind.Number, "10");
                Add(TokenKind.Sign, "^");
                Add(TokenKind.Sign, "{");
                if (sign == 1)
                {
                    Add(TokenKind.Sign, exponent[..1]);
                }

                Add(TokenKind.Number, exponent[sign..]);
                Add(TokenKind.Sign, "}");
            }
        }
    }

    private void TakeDigits(StringBuilder digits, int most = int.MaxValue)
    {
        int start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]) && _at - start < most)
        {
            _at++;
        }

        digits.Append(_text, start, _at - start);
    }

    private bool RepeatsFrom(int at) =>
        _text.AsSpan(at).StartsWith("\\overline") || _text.AsSpan(at).StartsWith("\\bar") || _text.AsSpan(at).StartsWith("\\dot{");

    /// <summary>
    /// The start of the next group of exactly three digits, or 0: after a comma, <c>{,}</c>, <c>,\!</c> or a narrow space.
    /// </summary>
    private int GroupEnd(bool grouped, char comma)
    {
        ReadOnlySpan<char> rest = _text.AsSpan(_at);
        int skip;
        if (rest.StartsWith("{,}"))
        {
            skip = 3;
        }
        else if (rest.StartsWith(",\\!"))
        {
            skip = 3;
        }
        else if (
            rest.StartsWith("\\!")
            || rest.StartsWith("\\,")
            || rest.StartsWith("\\ ")
            || rest.StartsWith("\\;")
            || rest.StartsWith("\\:")
        )
        {
            skip = 2;
        }
        else if (
            rest.Length > 1
            && ((grouped && rest[0] == comma) || (rest[0] is ' ' or '~' && _environments == 0) || (rest[0] == '_' && rest[1] == ','))
        )
        {
            skip = 1;
        }
        else
        {
            skip = 0;
        }

        if (skip == 0)
        {
            return 0;
        }

        while (skip < rest.Length && rest[skip] == ' ' && rest[skip - 1] == '!')
        {
            skip++;
        }

        return
            skip + 3 <= rest.Length
            && char.IsAsciiDigit(rest[skip])
            && char.IsAsciiDigit(rest[skip + 1])
            && char.IsAsciiDigit(rest[skip + 2])
            && (skip + 3 == rest.Length || !char.IsAsciiDigit(rest[skip + 3]))
            ? _at + skip
            : 0;
    }
}
