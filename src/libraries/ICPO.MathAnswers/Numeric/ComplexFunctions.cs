using System.Numerics;
using ICPO.MathAnswers.Latex;

namespace ICPO.MathAnswers.Numeric;

/// <summary>The named functions of one and two arguments, with principal values.</summary>
internal static class ComplexFunctions
{
    private static readonly Complex None = new(double.NaN, 0);

    /// <summary>Null for an unknown name.</summary>
    public static Complex? Apply(string name, Complex x, bool real) =>
        name switch
        {
            "sin" => Complex.Sin(x),
            "cos" => Complex.Cos(x),
            "tan" => Complex.Tan(x),
            "cot" => 1 / Complex.Tan(x),
            "sec" => 1 / Complex.Cos(x),
            "csc" => 1 / Complex.Sin(x),
            "arcsin" => IsInUnitRange(x, real) ? Complex.Asin(x) : None,
            "arccos" => IsInUnitRange(x, real) ? Complex.Acos(x) : None,
            "arctan" => Complex.Atan(x),
            "arccot" => (Math.PI / 2) - Complex.Atan(x),
            "arcsec" => Complex.Acos(1 / x),
            "arccsc" => Complex.Asin(1 / x),
            "sinh" => Complex.Sinh(x),
            "cosh" => Complex.Cosh(x),
            "tanh" => Complex.Tanh(x),
            "coth" => 1 / Complex.Tanh(x),
            "sech" => 1 / Complex.Cosh(x),
            "csch" => 1 / Complex.Sinh(x),
            "arcsinh" => Complex.Log(x + Complex.Sqrt((x * x) + 1)),
            "arccosh" => Complex.Log(x + (Complex.Sqrt(x + 1) * Complex.Sqrt(x - 1))),
            "arctanh" => 0.5 * Complex.Log((1 + x) / (1 - x)),
            LatexParser.Truncation => x,
            "exp" => Complex.Exp(x),
            "cis" => Complex.Exp(Complex.ImaginaryOne * x),
            "ln" => Logarithm(x, real),
            "log" or "lg" => Logarithm(x, real) / Math.Log(10),
            "abs" => Complex.Abs(x),
            "sgn" => x.Imaginary == 0 ? Math.Sign(x.Real) : None,
            "Re" => x.Real,
            "Im" => x.Imaginary,
            "arg" => x.Phase,
            "floor" => x.Imaginary == 0 ? Math.Floor(x.Real + 1e-12) : None,
            "ceil" => x.Imaginary == 0 ? Math.Ceiling(x.Real - 1e-12) : None,
            "factorial" => x.Imaginary == 0 ? Gamma(x.Real + 1) : None,
            _ => null,
        };

    /// <summary>Null for an unknown name.</summary>
    public static Complex? Apply(string name, Complex x, Complex y, bool real) =>
        name switch
        {
            "root" => Root(x, y, real),
            "log" => Logarithm(x, real) / Logarithm(y, real),
            "binomial" => x.Imaginary == 0 && y.Imaginary == 0
                ? Gamma(x.Real + 1) / (Gamma(y.Real + 1) * Gamma(x.Real - y.Real + 1))
                : None,
            "mod" => x.Imaginary == 0 && y.Imaginary == 0 && y.Real > 0 ? x.Real - (y.Real * Math.Floor(x.Real / y.Real)) : None,
            _ => null,
        };

    /// <summary>An unknown function: a smooth function chosen by its name, the same for every occurrence of the name.</summary>
    public static Complex Opaque(string name, Complex[] values)
    {
        double phase = Seeded.Unit(name, 17) * 6;
        Complex sum = phase;
        for (int i = 0; i < values.Length; i++)
        {
            sum += values[i] * (1 + Seeded.Unit(name, i));
        }

        return 2 + Complex.Cos(sum);
    }

    private static bool IsInUnitRange(Complex x, bool real) => !real || Math.Abs(x.Real) <= 1 + 1e-12;

    private static Complex Logarithm(Complex x, bool real) => x == Complex.Zero || (real && x.Real < 0) ? None : Complex.Log(x);

    private static Complex Root(Complex x, Complex order, bool real)
    {
        if (x.Imaginary == 0 && order.Imaginary == 0 && order.Real == Math.Floor(order.Real) && order.Real is > 0 and < 1000)
        {
            if (x.Real >= 0)
            {
                return order.Real == 2 ? Math.Sqrt(x.Real) : Math.Pow(x.Real, 1 / order.Real);
            }

            if (order.Real % 2 == 1)
            {
                return -Math.Pow(-x.Real, 1 / order.Real);
            }

            if (real)
            {
                return None;
            }
        }

        return order.Real == 2 && order.Imaginary == 0 ? Complex.Sqrt(x) : Complex.Pow(x, 1 / order);
    }

    /// <summary>Lanczos (g = 7, nine terms), about 15 digits; integers by multiplication.</summary>
    private static double Gamma(double z)
    {
        if (z == Math.Floor(z))
        {
            if (z is <= 0 or > 171)
            {
                return z > 0 ? double.PositiveInfinity : double.NaN;
            }

            double product = 1;
            for (int i = 2; i < z; i++)
            {
                product *= i;
            }

            return product;
        }

        if (z < 0.5)
        {
            return Math.PI / (Math.Sin(Math.PI * z) * Gamma(1 - z));
        }

        ReadOnlySpan<double> coefficients =
        [
            676.5203681218851,
            -1259.1392167224028,
            771.32342877765313,
            -176.61502916214059,
            12.507343278686905,
            -0.13857109526572012,
            9.9843695780195716e-6,
            1.5056327351493116e-7,
        ];
        double x = z - 1,
            sum = 0.99999999999980993;
        for (int i = 0; i < coefficients.Length; i++)
        {
            sum += coefficients[i] / (x + i + 1);
        }

        double t = x + 7.5;
        return Math.Sqrt(2 * Math.PI) * Math.Pow(t, x + 0.5) * Math.Exp(-t) * sum;
    }
}
