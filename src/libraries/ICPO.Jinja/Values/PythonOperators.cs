using System.Numerics;

namespace ICPO.Jinja.Values;

/// <summary>Python's arithmetic, on numbers, text and lists.</summary>
internal static class PythonOperators
{
    private const int MaxBits = 1 << 18;

    public static object? Apply(string op, object? a, object? b, Budget budget)
    {
        if (a is Undefined || (b is Undefined && !(op == "%" && PythonText.AsText(a) is not null)))
        {
            throw ((a as Undefined) ?? (Undefined)b!).Fail();
        }

        return op switch
        {
            "+" when PythonText.AsText(a) is { } s => Join(a, b, s, budget),
            "+" when a is PythonSequence l => Join(l, b, budget),
            "*" when a is string or Markup or PythonSequence || b is string or Markup or PythonSequence => Repeat(a, b, budget),
            "%" when PythonText.AsText(a) is { } format => a is Markup
                ? new Markup(PercentFormat.Format(format, Escaped(b, budget), budget))
                : PercentFormat.Format(format, b, budget),
            _ => Numeric(op, a, b, budget),
        };
    }

    public static object Negate(object? value) =>
        value switch
        {
            double d => -d,
            _ when PythonNumbers.AsInteger(value) is { } i => -i,
            Undefined undefined => throw undefined.Fail(),
            _ => throw new TemplateFault($"bad operand type for unary -: '{PythonText.TypeName(value)}'"),
        };

    public static object Plus(object? value) =>
        value switch
        {
            double d => d,
            _ when PythonNumbers.AsInteger(value) is { } i => i,
            Undefined undefined => throw undefined.Fail(),
            _ => throw new TemplateFault($"bad operand type for unary +: '{PythonText.TypeName(value)}'"),
        };

    /// <summary>Escapes the five special characters of HTML.</summary>
    public static string Escape(string text, Budget budget)
    {
        budget.Scan(text.Length);
        int special =
            text.AsSpan().Count('&')
            + text.AsSpan().Count('>')
            + text.AsSpan().Count('<')
            + text.AsSpan().Count('\'')
            + text.AsSpan().Count('"');
        if (special == 0)
        {
            return text;
        }

        budget.Make(3 * (text.Length + (4L * special)));
        return text.Replace("&", "&amp;").Replace(">", "&gt;").Replace("<", "&lt;").Replace("'", "&#39;").Replace("\"", "&#34;");
    }

    /// <summary>Escaped text unchanged; other values converted with str() and escaped.</summary>
    public static Markup ToMarkup(object? value, Budget budget) =>
        value as Markup ?? new Markup(Escape(PythonText.Str(value, budget), budget));

    private static object Join(object? a, object? b, string left, Budget budget)
    {
        string right = PythonText.AsText(b)
            ?? throw new TemplateFault($"can only concatenate str (not \"{PythonText.TypeName(b)}\") to str");
        budget.Make(left.Length + (long)right.Length);
        return (a, b) switch
        {
            (Markup, Markup) => new Markup(left + right),
            (Markup, _) => new Markup(left + Escape(right, budget)),
            (_, Markup) => new Markup(Escape(left, budget) + right),
            _ => left + right,
        };
    }

    private static PythonSequence Join(PythonSequence a, object? b, Budget budget)
    {
        if (b is not PythonSequence right || a is PythonList != b is PythonList)
        {
            throw new TemplateFault(
                $"can only concatenate {PythonText.TypeName(a)} (not \"{PythonText.TypeName(b)}\") to {PythonText.TypeName(a)}"
            );
        }

        budget.MakeElements(a.Items.Length + (long)right.Items.Length);
        return a is PythonList ? new PythonList([.. a.Items, .. right.Items]) : new PythonTuple([.. a.Items, .. right.Items]);
    }

    private static object Repeat(object? a, object? b, Budget budget)
    {
        (object? what, object? count) = a is string or Markup or PythonSequence ? (a, b) : (b, a);
        BigInteger times = PythonNumbers.AsInteger(count)
            ?? throw new TemplateFault($"can't multiply sequence by non-int of type '{PythonText.TypeName(count)}'");
        int length = what is PythonSequence s ? s.Items.Length : PythonText.AsText(what)!.Length;
        int n = (int)BigInteger.Min(BigInteger.Max(times, 0), length == 0 ? 0 : int.MaxValue / length);
        budget.Make((long)length * n * (what is PythonSequence ? Budget.CharactersPerElement : 1));
        return what switch
        {
            PythonList list => new PythonList([.. Enumerable.Repeat(list.Items, n).SelectMany(i => i)]),
            PythonTuple tuple => new PythonTuple([.. Enumerable.Repeat(tuple.Items, n).SelectMany(i => i)]),
            Markup markup => new Markup(string.Concat(Enumerable.Repeat(markup.Value, n))),
            _ => string.Concat(Enumerable.Repeat((string)what!, n)),
        };
    }

    /// <summary>Escapes text, also in tuples, before a format inserts it into escaped text.</summary>
    public static object? Escaped(object? value, Budget budget)
    {
        switch (value)
        {
            case string text:
                return Escape(text, budget);
            case PythonTuple tuple:
                CallStack.Require("values nest too deeply to be escaped");
                budget.MakeElements(tuple.Items.Length);
                return new PythonTuple([.. tuple.Items.Select(item => Escaped(item, budget))]);
            default:
                return value;
        }
    }

    private static object Numeric(string op, object? a, object? b, Budget budget)
    {
        if (PythonNumbers.AsInteger(a) is { } x && PythonNumbers.AsInteger(b) is { } y)
        {
            return Whole(op, x, y, budget);
        }

        if (PythonNumbers.AsDouble(a) is { } p && PythonNumbers.AsDouble(b) is { } q)
        {
            return Real(op, p, q);
        }

        throw new TemplateFault(
            $"unsupported operand type(s) for {op}{(op == "**" ? " or pow()" : "")}: "
                + $"'{PythonText.TypeName(a)}' and '{PythonText.TypeName(b)}'"
        );
    }

    private static object Whole(string op, BigInteger x, BigInteger y, Budget budget)
    {
        (long bits, long moreBits) = (x.GetBitLength(), y.GetBitLength());
        budget.Step((bits * moreBits >> 16) + ((bits + moreBits) >> 12));
        budget.Make((bits + moreBits) >> 4);
        switch (op)
        {
            case "+" or "-" when Math.Max(bits, moreBits) > MaxBits:
                throw new TemplateFault("the sum is too large");
            case "+":
                return x + y;
            case "-":
                return x - y;
            case "*":
                return bits + moreBits <= MaxBits ? x * y : throw new TemplateFault("the product is too large");
            case "/":
                return Quotient(x, y);
            case "**" when y.Sign < 0:
                return Real(op, PythonNumbers.AsDouble(x)!.Value, PythonNumbers.AsDouble(y)!.Value);
            case "**":
                return Power(x, y, budget);
        }

        if (y.IsZero)
        {
            throw new TemplateFault("integer division or modulo by zero");
        }

        var quotient = BigInteger.DivRem(x, y, out BigInteger rest);
        bool down = !rest.IsZero && rest.Sign != y.Sign;
        return op == "//" ? quotient - (down ? 1 : 0) : rest + (down ? y : 0);
    }

    private static BigInteger Power(BigInteger x, BigInteger y, Budget budget)
    {
        if (BigInteger.Abs(x) <= 1)
        {
            // Only whether y is 0, 1, even or odd counts.
            return BigInteger.Pow(x, (int)(y % 2) + (y > 1 ? 2 : 0));
        }

        BigInteger bits = x.GetBitLength() * y;
        if (y > MaxBits || bits > MaxBits)
        {
            throw new TemplateFault("the power is too large");
        }

        budget.Step((long)(bits * bits) >> 16);
        return BigInteger.Pow(x, (int)y);
    }

    private static double Quotient(BigInteger x, BigInteger y)
    {
        if (y.IsZero)
        {
            throw new TemplateFault("division by zero");
        }

        double value = PythonNumbers.Ratio(x, y);
        return double.IsFinite(value) ? value : throw new TemplateFault("integer division result too large for a float");
    }

    private static double Power(double p, double q)
    {
        if (p < 0 && q != Math.Floor(q))
        {
            throw new TemplateFault("a complex number is not supported");
        }

        double power = Math.Pow(p, q);
        return double.IsInfinity(power) && double.IsFinite(p) && double.IsFinite(q)
            ? throw new TemplateFault("Numerical result out of range")
            : power;
    }

    private static double Real(string op, double p, double q)
    {
        if (q == 0 && op is "/" or "//" or "%" || (op == "**" && p == 0 && q < 0))
        {
            throw new TemplateFault(
                op switch
                {
                    "**" => "0.0 cannot be raised to a negative power",
                    "/" => "float division by zero",
                    _ => "float floor division by zero",
                }
            );
        }

        switch (op)
        {
            case "+":
                return p + q;
            case "-":
                return p - q;
            case "*":
                return p * q;
            case "/":
                return p / q;
            case "**":
                return Power(p, q);
        }

        double rest = p % q;
        if (op == "%")
        {
            if (rest == 0)
            {
                return Math.CopySign(0, q);
            }

            return rest < 0 != q < 0 ? rest + q : rest;
        }

        double quotient = (p - rest) / q;
        quotient -= rest != 0 && rest < 0 != q < 0 ? 1 : 0;
        if (quotient == 0)
        {
            return Math.CopySign(0, p / q);
        }

        if (Math.Floor(quotient) is var floor && quotient - floor > 0.5)
        {
            return floor + 1;
        }

        return floor;
    }
}
