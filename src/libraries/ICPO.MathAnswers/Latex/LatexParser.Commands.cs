using System.Collections.Immutable;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Latex;

/// <summary>Fractions, roots, functions, big operators and environments.</summary>
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
                return ParseArgument() is { } accented
                    ? name == "not" || accented is not SymbolNode symbol
                        ? accented
                        : new SymbolNode($"{(name == "overline" ? "bar" : name)} {symbol.Name}")
                    : Fail();
            case "top" or "intercal":
                return new SymbolNode("T");
            case "angle" or "triangle" or "measuredangle" when !AtEnd && StartsPrimary():
                return ParseFunctionArgument() is { } figure ? new CallNode("angle", [figure]) : Fail();
            case "stackrel" or "overset" or "underset":
                return ParseArguments(2) is { } stacked ? stacked[1] : Fail();
            case "varepsilon" or "varphi" or "vartheta" or "varrho" or "varsigma":
                return new SymbolNode(name[3..]);
            default:
                return Notation.Functions.TryGetValue(name, out string? function) ? ParseFunction(function)
                    : name.StartsWith("operatorname:", StringComparison.Ordinal) ? ParseFunction(name["operatorname:".Length..])
                    : new SymbolNode(name.StartsWith("mathbb", StringComparison.Ordinal) && name.Length > 6 ? name[6..] + "̲" : name);
        }
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

        CallNode call = new(name, argument is SequenceNode { Open: '(' } several ? several.Items : [argument]);
        return power is null ? call : new BinaryNode(BinaryKind.Power, call, power);
    }

    private static string? Inverse(string name) =>
        name is "sin" or "cos" or "tan" or "cot" or "sec" or "csc" or "sinh" or "cosh" or "tanh" ? "arc" + name : null;

    /// <summary>Brackets directly behind, else factors side by side up to a sign or the next function.</summary>
    private Node? ParseFunctionArgument()
    {
        if (AtEnd)
        {
            return Fail();
        }

        bool negative = Take('-');
        bool bracketed = !AtEnd && (Current.Is('(') || (Current.Is('{') && _at + 1 < _tokens.Count && _tokens[_at + 1].Is('('))); // \ln(x), and \ln{(x)} as SymPy prints it.
        Node? argument = ParseFactorOfFunction(bracketed);
        while (
            !bracketed
            && argument is not null
            && !AtEnd
            && StartsPrimary()
            && !Current.Is('(')
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

        return argument is null ? null
            : negative ? new NegateNode(argument)
            : argument;
    }

    /// <summary>Of \ln(x)^2 the brackets alone are the argument's base; the power is its own.</summary>
    private Node? ParseFactorOfFunction(bool bracketed) => bracketed ? ParsePrimary() : ParseFactor();

    private static bool IsFunction(string command) =>
        Notation.Functions.ContainsKey(command) || command.StartsWith("operatorname:", StringComparison.Ordinal);

    /// <summary>Sums, products, integrals and limits: (kind, below, above, body).</summary>
    private Node? ParseBigOperator(string name)
    {
        Node below = new WordNode(""),
            above = new WordNode("");
        string? index = null;
        for (int i = 0; i < 2; i++)
        {
            if (Take('_'))
            {
                // In Σ with i = 1 below, i and e are indices.
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

        // The letter of an index says nothing.
        return
            below is RelationNode { Operands: [SymbolNode letter, var start], Operators: ['='] }
            && new SymbolNode($"index {_indices.Count}") is var bound
            ? new CallNode(name, [body.Replace(letter, bound), new RelationNode([bound, start], ['=']), above])
            : new CallNode(name, [body, below, above]);
    }

    private Node? ParseScriptRelation()
    {
        if (!Take('{'))
        {
            return ParseScript();
        }

        return ParseList(' ', ' ') is { } relation && Take('}') ? relation : Fail();
    }

    private Node? ParseEnvironment(string name)
    {
        string kind = name.TrimEnd('*');
        ImmutableArray<ImmutableArray<Node>>.Builder rows = ImmutableArray.CreateBuilder<ImmutableArray<Node>>();
        ImmutableArray<Node>.Builder row = ImmutableArray.CreateBuilder<Node>();
        int bars = _bars;
        _bars = 0;
        while (!AtEnd && Current.Kind != TokenKind.End)
        {
            if (Take('&'))
            {
                continue;
            }

            if (Current.Kind == TokenKind.Row)
            {
                _at++;
                CloseRow(rows, row);
                continue;
            }

            if (
                kind
                    is not (
                        "cases"
                        or "array"
                        or "matrix"
                        or "pmatrix"
                        or "bmatrix"
                        or "vmatrix"
                        or "Bmatrix"
                        or "Vmatrix"
                        or "smallmatrix"
                        or "psmallmatrix"
                    )
                && !AtEnd
                && IsRelation(Current)
            )
            {
                _at++; // &= at the start of a row.
                continue;
            }

            if (ParseRelation() is not { } cell)
            {
                return Fail();
            }

            row.Add(cell);
            if (!AtEnd && Current.Kind == TokenKind.Sign && Current.Text[0] is ',' or '.' or ';')
            {
                _at++;
            }
        }

        _bars = bars;
        if (AtEnd)
        {
            return Fail();
        }

        _at++;
        CloseRow(rows, row);
        return Environment(kind, rows.ToImmutable());
    }

    private static void CloseRow(ImmutableArray<ImmutableArray<Node>>.Builder rows, ImmutableArray<Node>.Builder row)
    {
        if (row.Count > 0)
        {
            rows.Add(row.ToImmutable());
            row.Clear();
        }
    }

    private Node? Environment(string kind, ImmutableArray<ImmutableArray<Node>> rows)
    {
        if (rows.Length == 0)
        {
            return Fail();
        }

        bool even = rows.All(r => r.Length == rows[0].Length);
        return kind switch
        {
            "vmatrix" when even => new CallNode("det", [new MatrixNode(rows)]),
            "cases" => rows.Length == 1 ? rows[0][0] : new SequenceNode(' ', ' ', [.. rows.Select(r => r[0])], Joint.And),
            "array" or "matrix" or "pmatrix" or "bmatrix" or "Bmatrix" or "smallmatrix" or "psmallmatrix" => even
                ? new MatrixNode(rows)
                : Fail(),
            "align" or "aligned" or "gather" or "gathered" or "split" when IsSystem(rows) => new SequenceNode(
                ' ',
                ' ',
                [.. rows.Select(r => r[0])],
                Joint.And
            ),
            "align" or "aligned" or "gather" or "gathered" or "split" or "eqnarray" or "equation" or "multline" => rows[^1][^1],
            _ => Fail(),
        };
    }

    /// <summary>Equations under different names, not the steps of one.</summary>
    private static bool IsSystem(ImmutableArray<ImmutableArray<Node>> rows) =>
        rows.Length > 1
        && rows.All(r => r is [RelationNode { Operators: ['='], Operands: [SymbolNode, _] }])
        && rows.Select(r => ((RelationNode)r[0]).Operands[0]).Distinct().Count() == rows.Length;
}
