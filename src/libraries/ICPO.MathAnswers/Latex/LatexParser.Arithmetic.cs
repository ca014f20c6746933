using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Latex;

/// <summary>Sums, products, powers and postfix signs.</summary>
internal sealed partial class LatexParser
{
    /// <summary>A value up to multiples of a modulus, "3 (mod 7)": the name of its node.</summary>
    public const string Congruence = "congruent";

    private Node? ParseSum()
    {
        if (++_depth > MaxDepth)
        {
            return Fail();
        }

        Node? left = ParseSigned();
        while (left is not null && !AtEnd && Current.Kind == TokenKind.Sign && AdditionOf(Current.Text[0]) is { } kind)
        {
            _at++;
            bool isDash = _plain && kind == BinaryKind.Subtract && !AtEnd && Current.Is('-') && !Current.Spaced; // 5--7
            if (isDash || ParseSigned() is not { } right)
            {
                left = Fail();
            }
            else if (kind == BinaryKind.Subtract && left.IsReals() && right is SequenceNode { IsSet: true })
            {
                left = new SetOperationNode('∖', left, right);
            }
            else
            {
                left = new BinaryNode(kind, left, right);
            }
        }

        while (left is not null && (Current.IsCommand("pmod") || Current.IsCommand("mod")))
        {
            bool isOperator = Current.Text == "mod";
            _at++;
            left = ParseFactor() is { } modulus ? Residue(left, modulus, isOperator) : Fail();
        }

        _depth--;
        return left;
    }

    /// <summary>"7 mod 4" without brackets and without a sign of congruence is the remainder 3; "7 (mod 4)" is a class.</summary>
    private CallNode Residue(Node value, Node modulus, bool isOperator) =>
        isOperator
        && value is NumberNode { Value: var number }
        && modulus is NumberNode { Value: var divisor }
        && (number.Sign < 0 || number.CompareTo(divisor) >= 0)
        && !_tokens.Exists(IsRelation)
            ? new("mod", [value, modulus])
            : new(Congruence, [value, modulus]);

    private static BinaryKind? AdditionOf(char sign) =>
        sign switch
        {
            '+' => BinaryKind.Add,
            '-' => BinaryKind.Subtract,
            '±' => BinaryKind.PlusMinus,
            '∓' => BinaryKind.MinusPlus,
            _ => null,
        };

    /// <summary>A sign in front of a product: −, + or ±.</summary>
    private Node? ParseSigned()
    {
        if (AtEnd)
        {
            return Fail();
        }

        if (Current.Kind != TokenKind.Sign || AdditionOf(Current.Text[0]) is not { } sign)
        {
            return ParseProduct();
        }

        _at++;
        if (sign == BinaryKind.Add && !AtEnd && Current.Is('-') && !Current.Spaced)
        {
            // "+-7" without an operand before it is ±7.
            _at++;
            sign = BinaryKind.PlusMinus;
        }

        if (++_depth > MaxDepth)
        {
            return Fail();
        }

        Node? value = ParseSigned();
        _depth--;
        return value is null
            ? Fail()
            : sign switch
            {
                BinaryKind.Add => value,
                BinaryKind.Subtract => value is NumberNode number ? number with { Value = number.Value.Negate() } : new NegateNode(value),
                _ => new BinaryNode(sign, new NumberNode(Fraction.Zero), value),
            };
    }

    private Node? ParseProduct()
    {
        Node? left = ParseFactor();
        while (left is not null && !AtEnd)
        {
            if (Take('*'))
            {
                left = ParseSignedFactor() is { } right ? Multiply(left, right) : Fail();
            }
            else if (Current.Is('/'))
            {
                _at++;
                left = ParseSignedFactor() is { } right ? Mixed(left, right) : Fail();
            }
            else if (Current.IsCommand("bmod"))
            {
                _at++;
                left = ParseFactor() is { } modulus ? new CallNode("mod", [left, modulus]) : Fail();
            }
            else if (Current.Kind == TokenKind.Word)
            {
                left = TakeUnit(left) is { } quantity ? quantity : Fail();
                if (left is not null && !AtEnd && StartsPrimary())
                {
                    // "5 feet 3 inches" is one amount; "42 of 50" is a sentence.
                    return Current.Kind == TokenKind.Number && ParseProduct() is QuantityNode rest && Compound([left, rest]) is { } whole
                        ? whole
                        : Fail();
                }
            }
            else if (left is BinaryNode { Kind: BinaryKind.Multiply } && Take('…'))
            {
                left = Multiply(left, new SymbolNode(Ellipsis.Dots)); // 1 · 2 ⋯ 100
            }
            else if (StartsPrimary() && !IsColon())
            {
                if (IsMixedNumber(left))
                {
                    left = Mix(left);
                }
                else if (ParseFactor() is { } right)
                {
                    left = Multiply(left, right);
                }
                else
                {
                    left = Fail();
                }
            }
            else
            {
                break;
            }
        }

        return left;
    }

    private static BinaryNode Multiply(Node left, Node right) => new(BinaryKind.Multiply, left, right);

    private Node? ParseSignedFactor()
    {
        bool negative = TakeSigns();
        if (!AtEnd && Current.Kind == TokenKind.Sign && Current.Text[0] is '±' or '∓')
        {
            BinaryKind kind = Current.Is('±') != negative ? BinaryKind.PlusMinus : BinaryKind.MinusPlus;
            _at++;
            return ParseFactor() is { } either ? new BinaryNode(kind, new NumberNode(Fraction.Zero), either) : Fail();
        }

        if (ParseFactor() is not { } value)
        {
            return Fail();
        }

        if (negative)
        {
            return new NegateNode(value);
        }

        return value;
    }

    /// <summary>Takes + and − in front of an operand; true if they make it negative.</summary>
    private bool TakeSigns()
    {
        bool negative = false;
        while (!AtEnd && (Current.Is('-') || Current.Is('+')))
        {
            negative ^= Current.Is('-');
            _at++;
        }

        return negative;
    }

    private bool StartsPrimary() =>
        Current.Kind switch
        {
            TokenKind.Number or TokenKind.Letter or TokenKind.Begin => true,
            TokenKind.Command => Current.Text is not ("choose" or "over" or "pmod" or "bmod" or "mod"),
            TokenKind.Sign => Current.Text[0] switch
            {
                '(' or '{' or '⦃' or '⟨' or '⌊' or '⌈' => true,
                '[' => true,
                '|' => _bars == 0,
                _ => false,
            },
            _ => false,
        };

    /// <summary>A value followed by powers, subscripts, factorials, percent and degree signs.</summary>
    private Node? ParseFactor()
    {
        if (AtEnd || ++_depth > MaxDepth)
        {
            return Fail();
        }

        bool juxtaposed = _at > 0 && Current.Kind == TokenKind.Number && _tokens[_at - 1].Kind == TokenKind.Number;
        Node? value = ParsePrimary();
        while (value is not null && !AtEnd && Current.Kind == TokenKind.Sign)
        {
            switch (Current.Text[0])
            {
                case '^':
                    _at++;
                    value = ParsePower(value);
                    break;
                case '_':
                    _at++;
                    value = ParseSubscript(value);
                    break;
                case '!':
                    _at++;
                    bool isDouble = !AtEnd && !Current.Spaced && Take('!');
                    value = new CallNode(isDouble ? "doublefactorial" : "factorial", [value]);
                    break;
                case '%':
                    _at++;
                    value = new PercentNode(value);
                    break;
                case '°':
                    _at++;
                    SkipTemperature();
                    value = new DegreeNode(value);
                    break;
                case '\'':
                    _at++;
                    value = Prime(value);
                    break;
                default:
                    _depth--;
                    return Mark(value, juxtaposed);
            }
        }

        _depth--;
        return Mark(value, juxtaposed);
    }

    private static Node? Mark(Node? value, bool juxtaposed) =>
        juxtaposed && value is NumberNode { Decimals: 0 } number ? number with { Decimals = -1 } : value;

    private void SkipTemperature()
    {
        if (!AtEnd && Current.Kind == TokenKind.Letter && Current.Text is "C" or "F")
        {
            _at++;
        }
    }
}
