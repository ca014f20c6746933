using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Latex;

/// <summary>Fractions, roots, functions and big operators.</summary>
internal sealed partial class LatexParser
{
    private Node? ParseCommand(string name)
    {
        switch (name)
        {
            case "frac" or "dfrac" or "tfrac" or "cfrac" or "sfrac" or "nicefrac":
                return ParseArguments(2) is { } parts ? new BinaryNode(BinaryKind.Divide, parts[0], parts[1]) : Fail();
            case "sqrt":
                return ParseRoot();
            case "binom" or "dbinom" or "tbinom":
                return ParseArguments(2) is { } numbers ? new CallNode("binomial", numbers) : Fail();
            case "pi":
                return new ConstantNode(ConstantKind.Pi);
            case "infty" or "infin":
                return new ConstantNode(ConstantKind.Infinity);
            case "emptyset" or "varnothing" or "O":
                return new SequenceNode('⦃', '⦄', []);
            case "mathbbR" or "R" or "Reals" or "reals":
                return new SymbolNode("ℝ");
            case "log":
                return ParseLogarithm();
            case "lim" or "sum" or "prod" or "int" or "iint" or "oint" or "limsup" or "liminf" or "sup" or "inf":
                return ParseBigOperator(name);
            case "max" or "min" or "gcd" or "lcm":
                return ParseFunction(name);
            case "overline"
            or "bar"
            or "vec"
            or "hat"
            or "tilde"
            or "widehat"
            or "overrightarrow"
            or "dot"
            or "ddot"
            or "overleftrightarrow"
            or "widetilde"
            or "not":
                return ParseAccent(name);
            case "top" or "intercal":
                return new SymbolNode("T");
            case "angle" or "triangle" or "measuredangle" or "sphericalangle" when IsAtFigure():
                return new CallNode("angle", [Product(_tokens[_at++].Text)]);
            case "angle" or "triangle" or "measuredangle" or "sphericalangle" when !AtEnd && StartsPrimary():
                return ParseFunctionArgument() is { } figure ? new CallNode("angle", [figure]) : Fail();
            case "stackrel" or "overset" or "underset":
                return ParseArguments(2) is { } stacked ? stacked[1] : Fail();
            case "varepsilon" or "varphi" or "vartheta" or "varrho" or "varsigma":
                return new SymbolNode(name[3..]);
            default:
                if (Notation.Functions.TryGetValue(name, out string? function))
                {
                    return ParseFunction(function);
                }

                if (name.StartsWith("operatorname:", StringComparison.Ordinal))
                {
                    return ParseFunction(name["operatorname:".Length..]);
                }

                return new SymbolNode(name.StartsWith("mathbb", StringComparison.Ordinal) && name.Length > 6 ? name[6..] + "̲" : name);
        }
    }

    /// <summary>An accented letter is another letter: \bar z is not z. The accent of anything else is ignored.</summary>
    private Node? ParseAccent(string name)
    {
        if (ParseArgument() is not { } accented)
        {
            return Fail();
        }

        return name == "not" || accented is not SymbolNode symbol
            ? accented
            : new SymbolNode($"{(name == "overline" ? "bar" : name)} {symbol.Name}");
    }

    private Node? ParseRoot()
    {
        Node index = new NumberNode(Fraction.Of(2));
        if (Take('['))
        {
            if (ParseSum() is not { } order || !Take(']'))
            {
                return Fail();
            }

            index = order;
        }

        return ParseArgument() is { } value ? new CallNode("root", [value, index]) : Fail();
    }

    private Node? ParseLogarithm()
    {
        Node? radix = null;
        Node? power = null;
        for (int i = 0; i < 2; i++)
        {
            if (Take('_'))
            {
                radix = ParseArgument();
            }
            else if (Take('^'))
            {
                power = ParseArgument();
            }
        }

        if (_failed || ParseFunctionArgument() is not { } value)
        {
            return Fail();
        }

        Node log = radix is null ? new CallNode("log", [value]) : new CallNode("log", [value, radix]);
        return power is null ? log : new BinaryNode(BinaryKind.Power, log, power);
    }

    /// <summary>\sin^2 x, \sin 3x, \sin(x), \sin^{-1} x.</summary>
    private Node? ParseFunction(string name)
    {
        Node? power = null;
        if (Take('_'))
        {
            ParseArgument();
        }

        if (Take('^'))
        {
            power = ParseScript();
            bool isInverse =
                power is NegateNode { Value: NumberNode { Value: var one } } && one == Fraction.One
                || power is NumberNode { Value: var minus } && minus == Fraction.One.Negate();
            if (isInverse && Inverse(name) is { } inverse)
            {
                (name, power) = (inverse, null);
            }
        }

        if (_failed || AtEnd)
        {
            return _failed ? Fail() : new SymbolNode(name);
        }

        if (!StartsPrimary() && !Current.Is('-') && !(Current.Is('|') && _bars > 0))
        {
            return new SymbolNode(name);
        }

        if (ParseFunctionArgument() is not { } argument)
        {
            return Fail();
        }

        bool several = argument is SequenceNode { Open: '(' } or SequenceNode { Open: '[' or '⦃', Items.Length: > 1 };
        CallNode call = new(name, several ? ((SequenceNode)argument).Items : [argument]);
        return power is null ? call : new BinaryNode(BinaryKind.Power, call, power);
    }

    private static string? Inverse(string name) =>
        name is "sin" or "cos" or "tan" or "cot" or "sec" or "csc" or "sinh" or "cosh" or "tanh" ? "arc" + name : null;

    /// <summary>The brackets that follow, else adjacent factors up to a sign or the next function.</summary>
    private Node? ParseFunctionArgument()
    {
        if (AtEnd)
        {
            return Fail();
        }

        bool negative = TakeSigns();
        if (AtEnd)
        {
            return Fail();
        }

        // \ln(x), and \ln{(x)} as SymPy prints it.
        bool bracketed = IsBracket(Current) || (Current.Is('{') && _at + 1 < _tokens.Count && IsBracket(_tokens[_at + 1]));
        Node? argument = ParseFactorOfFunction(bracketed);
        while (
            !bracketed
            && argument is not null
            && !AtEnd
            && StartsPrimary()
            && !IsBracket(Current)
            && !(Current.Kind == TokenKind.Command && IsFunction(Current.Text))
        )
        {
            argument = ParseFactor() is { } next ? Multiply(argument, next) : Fail();
        }

        if (
            !bracketed
            && argument is NumberNode or SymbolNode or ConstantNode
            && !AtEnd
            && Current.Is('/')
            && _at + 1 < _tokens.Count
            && _tokens[_at + 1].Kind == TokenKind.Number
            && !Current.Spaced
        )
        {
            _at++;
            argument = ParseFactor() is { } divisor ? new BinaryNode(BinaryKind.Divide, argument, divisor) : Fail();
        }

        if (argument is null)
        {
            return null;
        }

        if (negative)
        {
            return new NegateNode(argument);
        }

        return argument;
    }

    private static bool IsBracket(LatexToken token) => token.Is('(') || token.Is('[') || token.Is('⦃');

    /// <summary>In \ln(x)^2 only the brackets are the argument; the power applies to the result.</summary>
    private Node? ParseFactorOfFunction(bool bracketed) => bracketed ? ParsePrimary() : ParseFactor();

    private static bool IsFunction(string command) =>
        Notation.Functions.ContainsKey(command) || command.StartsWith("operatorname:", StringComparison.Ordinal);

    /// <summary>Sums, products, integrals and limits: name, subscript, superscript and body.</summary>
    private Node? ParseBigOperator(string name)
    {
        Node below = new WordNode(""),
            above = new WordNode("");
        string? index = null;
        for (int i = 0; i < 2; i++)
        {
            if (Take('_'))
            {
                // In Σ with the subscript i = 1, i is an index and not the imaginary unit; likewise e.
                index ??=
                    _at + 2 < _tokens.Count && _tokens[_at].Is('{') && _tokens[_at + 1].Kind == TokenKind.Letter && _tokens[_at + 2].Is('=')
                        ? _tokens[_at + 1].Text
                        : null;
                _indices.Push(index);
                below = ParseScriptRelation() ?? below;
                _indices.Pop();
            }
            else if (Take('^'))
            {
                above = ParseScript() ?? above;
            }
        }

        _indices.Push(index);
        Node? body = _failed ? null : ParseProduct();
        _indices.Pop();
        if (body is null)
        {
            return Fail();
        }

        // The letter of a bound index has no meaning.
        SymbolNode bound = new($"index {_indices.Count}");
        if (below is RelationNode { Operands: [SymbolNode letter, var start], Operators: ['='] or ['→'] } range)
        {
            return new CallNode(name, [body.Replace(letter, bound), new RelationNode([bound, start], range.Operators), above]);
        }

        return
            name is "int" or "oint"
            && body is BinaryNode { Kind: BinaryKind.Multiply, Right: SymbolNode variable } integrand
            && EndsInD(integrand.Left)
            ? new CallNode(name, [body.Replace(variable, bound), below, above])
            : new CallNode(name, [body, below, above]);
    }

    /// <summary>The d of "f(x) dx".</summary>
    private static bool EndsInD(Node node) =>
        node is SymbolNode { Name: "d" } or BinaryNode { Kind: BinaryKind.Multiply, Right: SymbolNode { Name: "d" } };

    private Node? ParseScriptRelation()
    {
        if (!Take('{'))
        {
            return ParseScript();
        }

        return ParseList(' ', ' ') is { } relation && Take('}') ? relation : Fail();
    }
}
