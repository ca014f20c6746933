using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Latex;

/// <summary>Sums, products, powers and what stands behind a value.</summary>
internal sealed partial class LatexParser
{
    private Node? ParseSum()
    {
        if (++_depth > DeepestNesting)
        {
            return Fail();
        }

        Node? left = ParseSigned();
        while (left is not null && !AtEnd && Current.Kind == TokenKind.Sign && AdditionOf(Current.Text[0]) is { } kind)
        {
            _at++;
            left =
                ParseProduct() is not { } right ? Fail()
                : kind == BinaryKind.Subtract && left.IsReals() && right is SequenceNode { IsSet: true }
                    ? new SetOperationNode('∖', left, right)
                : new BinaryNode(kind, left, right);
        }

        _depth--;
        return left;
    }

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
        if (++_depth > DeepestNesting)
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
            else if (Current.IsCommand("pmod") || Current.IsCommand("bmod") || Current.IsCommand("mod"))
            {
                bool remainder = Current.IsCommand("bmod");
                _at++;
                left =
                    ParseFactor() is not { } modulus ? Fail()
                    : remainder ? new CallNode("mod", [left, modulus])
                    : left is NumberNode ? new CallNode("congruent", [left, modulus])
                    : left;
            }
            else if (Current.Kind == TokenKind.Word)
            {
                left = TakeUnit(left);
                if (!AtEnd && StartsPrimary())
                {
                    // "5 feet 3 inches" is one amount, "42 of 50" is a sentence.
                    return Current.Kind == TokenKind.Number && ParseProduct() is QuantityNode rest && Compound([left, rest]) is { } whole
                        ? whole
                        : Fail();
                }
            }
            else if (StartsPrimary() && !IsColon())
            {
                left =
                    IsMixedNumber(left) ? Mix(left)
                    : ParseFactor() is { } right ? Multiply(left, right)
                    : Fail();
            }
            else
            {
                break;
            }
        }

        return left;
    }

    private static BinaryNode Multiply(Node left, Node right) => new(BinaryKind.Multiply, left, right);

    /// <summary>1 1/2 written plainly: the whole number was read as a factor of the numerator.</summary>
    private static Node Mixed(Node left, Node right) =>
        right is PercentNode { Value: NumberNode } percent ? new PercentNode(Mixed(left, percent.Value)) // 3/4 % is (3/4) %.
        : right is DegreeNode { Value: NumberNode } degree ? new DegreeNode(Mixed(left, degree.Value))
        : left
            is BinaryNode
            {
                Kind: BinaryKind.Multiply,
                Left: NumberNode { Value: { IsInteger: true, Sign: >= 0 } } whole,
                Right: NumberNode { Value: { IsInteger: true, Sign: > 0 } } top
            }
        && IsJuxtaposed(left)
        && right is NumberNode { Value: { IsInteger: true } } bottom
        && top.Value.CompareTo(bottom.Value) < 0
            ? new BinaryNode(BinaryKind.Add, whole, new BinaryNode(BinaryKind.Divide, top, bottom))
        : new BinaryNode(BinaryKind.Divide, left, right);

    /// <summary>
    /// Two numbers side by side come from juxtaposition only where no sign stood between; such a product keeps the digits of its right side
    /// at −1.
    /// </summary>
    private static bool IsJuxtaposed(Node product) => product is BinaryNode { Right: NumberNode { Decimals: -1 } };

    private Node? ParseSignedFactor()
    {
        if (!AtEnd && Current.Is('-'))
        {
            _at++;
            return ParseFactor() is { } value ? new NegateNode(value) : Fail();
        }

        Take('+');
        return ParseFactor();
    }

    /// <summary>3\frac{1}{3}: a whole number directly before a proper fraction of whole numbers.</summary>
    private bool IsMixedNumber(Node left) =>
        left is NumberNode { Value: { IsInteger: true, Sign: >= 0 } }
        && Current.Kind == TokenKind.Command
        && Current.Text is "frac" or "dfrac" or "tfrac" or "cfrac"
        && _tokens[_at - 1].Kind == TokenKind.Number;

    private Node? Mix(Node whole) => ParseFactor() is { } fraction ? Mix(whole, fraction) : Fail();

    private static Node Mix(Node whole, Node fraction) =>
        fraction is PercentNode percent ? new PercentNode(Mix(whole, percent.Value))
        : fraction is DegreeNode degree ? new DegreeNode(Mix(whole, degree.Value))
        : fraction
            is BinaryNode
            {
                Kind: BinaryKind.Divide,
                Left: NumberNode { Value: { IsInteger: true, Sign: > 0 } } top,
                Right: NumberNode { Value: { IsInteger: true } } bottom
            }
        && top.Value.CompareTo(bottom.Value) < 0
            ? new BinaryNode(BinaryKind.Add, whole, fraction)
        : Multiply(whole, fraction);

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

    /// <summary>A value with powers, subscripts, factorials, percent and degree signs behind it.</summary>
    private Node? ParseFactor()
    {
        if (AtEnd || ++_depth > DeepestNesting)
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
