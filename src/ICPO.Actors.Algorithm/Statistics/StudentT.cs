namespace ICPO.Actors.Algorithm.Statistics;

/// <summary>Student's t distribution with a whole number of degrees of freedom.</summary>
public static class StudentT
{
    /// <summary>P(|T| ≥ |t|) = I_{ν/(ν+t²)}(ν/2, 1/2).</summary>
    public static double TwoSidedP(double t, int degreesOfFreedom)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degreesOfFreedom);
        double squares = t * t;
        return double.IsInfinity(squares)
            ? 0
            : IncompleteBeta(
                degreesOfFreedom / (degreesOfFreedom + squares),
                squares / (degreesOfFreedom + squares),
                degreesOfFreedom / 2.0,
                0.5,
                Beta(degreesOfFreedom)
            );
    }

    /// <summary>The t with P(|T| ≤ t) = <paramref name="confidence"/>, e.g. 2.776 for 0.95 and 4 degrees of freedom.</summary>
    public static double CentralQuantile(double confidence, int degreesOfFreedom)
    {
        double beta = Beta(degreesOfFreedom);
        return Quantile.Central(
            confidence,
            t => 1 - TwoSidedP(t, degreesOfFreedom),
            t => Math.Pow(1 + (t * t / degreesOfFreedom), -(degreesOfFreedom + 1) / 2.0) / (Math.Sqrt(degreesOfFreedom) * beta)
        );
    }

    // B(ν/2, 1/2) from B(1/2, 1/2) = π or B(1, 1/2) = 2 by B(a + 1, b) = B(a, b)·a/(a + b).
    private static double Beta(int degreesOfFreedom)
    {
        bool odd = int.IsOddInteger(degreesOfFreedom);
        double value = odd ? Math.PI : 2;
        for (double a = odd ? 0.5 : 1; a < degreesOfFreedom / 2.0; a++)
        {
            value *= a / (a + 0.5);
        }

        return value;
    }

    // The regularised incomplete beta function I_x(a, b) with y = 1 − x given apart, so that neither end loses digits.
    private static double IncompleteBeta(double x, double y, double a, double b, double beta)
    {
        if (x > (a + 1) / (a + b + 2))
        {
            return 1 - IncompleteBeta(y, x, b, a, beta);
        }

        return Math.Pow(x, a) * Math.Pow(y, b) / (a * beta * Fraction(x, a, b));
    }

    // 1 + d1/(1 + d2/(1 + …)) (DLMF 8.17.22) by Lentz's method.
    private static double Fraction(double x, double a, double b)
    {
        const double Tiny = 1e-300;
        double value = 1;
        double upper = 1;
        double lower = 0;
        for (int i = 1; i <= 10_000; i++)
        {
            int m = i / 2;
            double d = int.IsEvenInteger(i)
                ? m * (b - m) * x / ((a + i - 1) * (a + i))
                : -(a + m) * (a + b + m) * x / ((a + i - 1) * (a + i));
            lower = 1 + (d * lower);
            lower = 1 / (lower == 0 ? Tiny : lower);
            upper = 1 + (d / upper);
            upper = upper == 0 ? Tiny : upper;
            double factor = upper * lower;
            value *= factor;
            if (Math.Abs(factor - 1) < 1e-16)
            {
                break;
            }
        }

        return value;
    }
}
