using System.Numerics;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Balls;

/// <summary>The named functions.</summary>
internal sealed partial class ComplexMath
{
    private const int MaxFactorial = 3000;

    /// <summary>Null for an unknown name.</summary>
    public ComplexBall? Apply(string name, ComplexBall x, bool real) =>
        name switch
        {
            "sin" => Sin(x),
            "cos" => Cos(x),
            "tan" => Divide(Sin(x), Cos(x)),
            "cot" => Divide(Cos(x), Sin(x)),
            "sec" => Inverse(Cos(x)),
            "csc" => Inverse(Sin(x)),
            "arcsin" => Arcsin(x, real),
            "arccos" => Subtract(Quarter(), Arcsin(x, real)),
            "arctan" => Arctan(x),
            "arccot" => Subtract(Quarter(), Arctan(x)),
            "arcsec" => Subtract(Quarter(), Arcsin(Inverse(x), false)),
            "arccsc" => Arcsin(Inverse(x), false),
            "sinh" => Halve(Subtract(Exp(x), Exp(x.Negate()))),
            "cosh" => Halve(Add(Exp(x), Exp(x.Negate()))),
            "tanh" => Tanh(x),
            "coth" => Inverse(Tanh(x)),
            "sech" => Inverse(Halve(Add(Exp(x), Exp(x.Negate())))),
            "csch" => Inverse(Halve(Subtract(Exp(x), Exp(x.Negate())))),
            "arcsinh" => Ln(Add(x, Sqrt(Add(Multiply(x, x), ComplexBall.One)))),
            "arccosh" => Ln(Add(x, Multiply(Sqrt(Add(x, ComplexBall.One)), Sqrt(Subtract(x, ComplexBall.One))))),
            "arctanh" => Halve(Ln(Divide(Add(ComplexBall.One, x), Subtract(ComplexBall.One, x)))),
            "exp" => Exp(x),
            "cis" => Exp(x.Turn()),
            "ln" => Logarithm(x, real),
            "log" or "lg" => Divide(Logarithm(x, real), math.Ln(Ball.Of(10))),
            "abs" => Abs(x),
            "sgn" => Sign(x),
            "Re" => x.Real,
            "Im" => x.Imaginary,
            "arg" => Argument(x),
            "floor" => x.IsReal && x.Real.Floor() is { } floor ? Ball.Of(floor) : ComplexBall.None,
            "ceil" => x.IsReal && x.Real.Negate().Floor() is { } ceiling ? Ball.Of(-ceiling) : ComplexBall.None,
            "factorial" => Integer(x) is { Sign: >= 0 } n && n <= MaxFactorial && math.Spend((int)n)
                ? Ball.Of(Products.Of(1, (int)n, 1))
                : ComplexBall.None,
            _ => null,
        };

    /// <summary>Null for an unknown name.</summary>
    public ComplexBall? Apply(string name, ComplexBall x, ComplexBall y, bool real) =>
        name switch
        {
            "root" => Root(x, y, real),
            "log" => Divide(Logarithm(x, real), Logarithm(y, real)),
            "binomial" => Binomial(x, y),
            "mod" => x.IsReal && y.IsReal && y.Real.IsPositive && math.Divide(x.Real, y.Real).Floor() is { } turns
                ? math.Subtract(x.Real, math.Multiply(y.Real, Ball.Of(turns)))
                : ComplexBall.None,
            _ => null,
        };

    public ComplexBall Cos(ComplexBall x)
    {
        if (x.IsReal)
        {
            return math.SinCos(x.Real).Cos;
        }

        return Halve(Add(Exp(x.Turn()), Exp(x.Turn().Negate())));
    }

    private ComplexBall Sin(ComplexBall x)
    {
        if (x.IsReal)
        {
            return math.SinCos(x.Real).Sin;
        }

        return Halve(Subtract(Exp(x.Turn()), Exp(x.Turn().Negate()))).Turn().Negate();
    }

    private ComplexBall Tanh(ComplexBall x)
    {
        ComplexBall square = Exp(Add(x, x));
        return Divide(Subtract(square, ComplexBall.One), Add(square, ComplexBall.One));
    }

    private ComplexBall Arctan(ComplexBall x)
    {
        if (x.IsReal)
        {
            return math.Atan(x.Real);
        }

        return Halve(Subtract(Ln(Subtract(ComplexBall.One, x.Turn())), Ln(Add(ComplexBall.One, x.Turn()))).Turn());
    }

    /// <summary>2 arctan(x / (1 + √(1 − x²))) where it is real, else −i ln(ix + √(1 − x²)).</summary>
    private ComplexBall Arcsin(ComplexBall x, bool real)
    {
        ComplexBall rest = Subtract(ComplexBall.One, Multiply(x, x));
        if (!x.IsReal || rest.Real.IsNegative)
        {
            return real ? ComplexBall.None : Ln(Add(x.Turn(), Sqrt(rest))).Turn().Negate();
        }

        ComplexBall root = Sqrt(rest);
        Ball half = math.Divide(x.Real, math.Add(Ball.One, root.Real));
        return math.Atan(half).Scale(1);
    }

    private ComplexBall Logarithm(ComplexBall x, bool real) => real && x.IsReal && !x.Real.IsPositive ? ComplexBall.None : Ln(x);

    private static ComplexBall Sign(ComplexBall x)
    {
        if (!x.IsReal || (x.Real.MayBeZero && !x.Real.IsZero))
        {
            return ComplexBall.None;
        }

        return Ball.Of(x.Real.Middle.Sign);
    }

    private ComplexBall Binomial(ComplexBall x, ComplexBall y)
    {
        if (Integer(x) is not { Sign: >= 0 } n || Integer(y) is not { Sign: >= 0 } k || n > MaxFactorial || !math.Spend((int)n))
        {
            return ComplexBall.None;
        }

        return k > n ? Ball.Zero : Ball.Of(Products.Of((int)(n - k) + 1, (int)n, 1) / Products.Of(1, (int)k, 1));
    }

    private static BigInteger? Integer(ComplexBall x) =>
        x is { IsReal: true, Real.IsExact: true } && x.Real.Floor() is { } n && x.Real == Whole(x.Real, n) ? n : null;

    private ComplexBall Inverse(ComplexBall x) => Divide(ComplexBall.One, x);

    private static ComplexBall Halve(ComplexBall x) => new(x.Real.Scale(-1), x.Imaginary.Scale(-1));

    private ComplexBall Quarter() => math.Pi().Scale(-1);
}
