using System.Collections.Immutable;
using System.Text;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Latex;

/// <summary>Superscripts, subscripts and units: powers, indices, number bases.</summary>
internal sealed partial class LatexParser
{
    private Node? ParsePower(Node value)
    {
        if (Take('\''))
        {
            return Prime(value);
        }

        if (Take('*'))
        {
            return value;
        }

        if (
            !AtEnd
            && (Current.Is('°') || (Current.Is('{') && _at + 2 < _tokens.Count && _tokens[_at + 1].Is('°') && _tokens[_at + 2].Is('}')))
        )
        {
            _at += Current.Is('°') ? 1 : 3;
            SkipTemperature();
            return new DegreeNode(value);
        }

        if (!AtEnd && Current.Is('{') && _at + 1 < _tokens.Count && _tokens[_at + 1].Is('\''))
        {
            while (!AtEnd && !Current.Is('}'))
            {
                _at++;
            }

            return Take('}') ? Prime(value) : Fail();
        }

        if (ParseScript() is not { } exponent)
        {
            return Fail();
        }

        return (value, exponent) switch
        {
            (_, WordNode) => value,
            (NumberNode, SymbolNode { Name: "o" }) => new DegreeNode(value),
            (SymbolNode { Name: ['C', '_', .. var all] }, NumberNode) when Fraction.ParseDecimal(all) is { IsInteger: true } n =>
                new CallNode("binomial", [new NumberNode(n), exponent]),
            _ => new BinaryNode(BinaryKind.Power, value, exponent),
        };
    }

    /// <summary>f' is a different name from f; 18' is an angle in minutes.</summary>
    private static Node Prime(Node value) =>
        value switch
        {
            SymbolNode symbol => new SymbolNode(symbol.Name + "'"),
            NumberNode => new QuantityNode(value, "minutes of arc"),
            _ => value,
        };

    /// <summary>The operand of ^ or _: a group or one token.</summary>
    private Node? ParseScript()
    {
        if (AtEnd)
        {
            return Fail();
        }

        if (Current.Is('-') || Current.Is('+'))
        {
            bool negative = Current.Is('-');
            _at++;
            Node? value = ParseScript();
            return negative && value is not null ? new NegateNode(value) : value;
        }

        if (
            Current is { Kind: TokenKind.Number, Text: { Length: > 1 } digits }
            && digits.All(char.IsAsciiDigit)
            && _tokens[_at - 1] is { Kind: TokenKind.Sign, Text: "^" }
        )
        {
            // TeX takes one digit, but authors of x^10 mean ten.
            _at++;
            return Fraction.ParseDecimal(digits) is { } whole ? new NumberNode(whole) : Fail();
        }

        return ParsePrimary();
    }

    private Node? ParseSubscript(Node value)
    {
        int start = _at;
        if (ParseScript() is not { } subscript)
        {
            return Fail();
        }

        subscript =
            subscript is WordNode { Text: var spoken } && Notation.SpokenNumbers.TryGetValue(spoken, out int named)
                ? new NumberNode(Fraction.Of(named))
                : subscript;
        if (
            value is NumberNode { Decimals: <= 0 } number
            && number.Value.Sign >= 0
            && subscript is NumberNode { Value: { IsInteger: true } radix }
            && radix.Numerator >= 2
            && radix.Numerator <= 36
        )
        {
            string digits = _tokens[start - 2].Kind == TokenKind.Number ? _tokens[start - 2].Text : number.Value.ToString();
            return InBase(digits, (int)radix.Numerator);
        }

        StringBuilder name = new();
        for (int at = start; at < _at; at++)
        {
            if (!_tokens[at].Is('{') && !_tokens[at].Is('}'))
            {
                name.Append(_tokens[at].Text);
            }
        }

        return value switch
        {
            SymbolNode symbol => new SymbolNode($"{symbol.Name}_{name}"),
            ConstantNode { Kind: ConstantKind.E } => new SymbolNode($"e_{name}"),
            ConstantNode { Kind: ConstantKind.I } => new SymbolNode($"i_{name}"),
            WordNode word => new SymbolNode($"{word.Text}_{name}"),
            SequenceNode or BinaryNode or CallNode => value,
            _ => Fail(),
        };
    }

    private static BasedNode? InBase(string digits, int radix)
    {
        Fraction value = Fraction.Zero,
            step = Fraction.Of(radix);
        foreach (char digit in digits)
        {
            if (
                !char.IsAsciiDigit(digit)
                || Fraction.Multiply(value, step) is not { } shifted
                || Fraction.Add(shifted, Fraction.Of(digit - '0')) is not { } next
            )
            {
                return null;
            }

            value = next;
        }

        return new(value, digits, radix);
    }

    /// <summary>{}_{10}C_3 and {}^{10}C_3: combinations; with P permutations.</summary>
    private Node? ParseSelection()
    {
        if (ParseScript() is not { } all || AtEnd || Current is not { Kind: TokenKind.Letter, Text: "C" or "P" } way)
        {
            return Fail();
        }

        _at++;
        if (!Take('_') || ParseScript() is not { } chosen)
        {
            return Fail();
        }

        var choices = new CallNode("binomial", [all, chosen]);
        return way.Text == "C" ? choices : new BinaryNode(BinaryKind.Multiply, choices, new CallNode("factorial", [chosen]));
    }

    /// <summary>2 hours and 30 minutes: amounts of one quantity in decreasing units form one amount.</summary>
    private static QuantityNode? Compound(ImmutableArray<Node> parts)
    {
        if (parts[0] is not QuantityNode whole)
        {
            return null;
        }

        Fraction last = Fraction.One;
        foreach (Node part in parts.Skip(1))
        {
            if (
                part is not QuantityNode { Value: NumberNode } next
                || Units.Ratio(next.Unit, whole.Unit) is not { Same: false, Ratio: { } ratio }
                || ratio.CompareTo(last) >= 0
                || Fraction.Divide(Fraction.One, ratio) is not { } steps
            )
            {
                return null;
            }

            last = ratio;
            whole = whole with
            {
                Value = new BinaryNode(BinaryKind.Add, whole.Value, new BinaryNode(BinaryKind.Divide, next.Value, new NumberNode(steps))),
            };
        }

        return whole;
    }

    /// <summary>Words after a value, with powers and "per": its unit.</summary>
    private QuantityNode? TakeUnit(Node value)
    {
        StringBuilder unit = new();
        while (
            !AtEnd
            && (
                Current.Kind == TokenKind.Word
                || (
                    unit.Length > 0
                    && Current.Is('/')
                    && _at + 1 < _tokens.Count
                    && _tokens[_at + 1].Kind is TokenKind.Word or TokenKind.Letter
                )
            )
        )
        {
            unit.Append(unit.Length > 0 ? " " : "").Append(Current.Text);
            _at++;
            if (unit.Length > 0 && unit[^1] == '/' && !AtEnd)
            {
                unit.Append(Current.Text);
                _at++;
            }

            if (!AtEnd && Current.Is('^') && _at + 1 < _tokens.Count)
            {
                _at++;
                if (ParseScript() is NumberNode power)
                {
                    unit.Append('^').Append(power.Value);
                }
            }

            while (!AtEnd && (Current.Is('.') || Current.Is('\'')))
            {
                _at++;
            }
        }

        string words = unit.ToString();
        return Units.AreBound(words) || HedgeWords.AreIn(words) || SpokenTerms.AreIn(words) ? null : new(value, words);
    }
}
