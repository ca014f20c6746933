using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Torch;

/// <summary>
/// Arithmetic of tensors with numbers. TorchSharp hands libtorch the bare pointer of a <see cref="Scalar"/>, which has a
/// finalizer and which nothing refers to from then on: a garbage collection on another thread may free it while libtorch reads
/// it. Its conversions from numbers, its operators with numbers and its members that make a scalar of their own (an addition
/// has a factor of 1) are all exposed to that. Here each scalar is disposed after the call, which keeps it alive until then.
/// The architecture tests see to it that no other class of this project makes scalars or calls what makes them.
/// </summary>
internal static class Arithmetic
{
    // Held for the life of the process, so never finalized.
    private static readonly Scalar One = 1;

    public static Tensor Plus(this Tensor x, Tensor other) => x.add(other, One);

    /// <summary>Adds in place.</summary>
    public static Tensor Gain(this Tensor x, Tensor other) => x.add_(other, One);

    /// <summary>Adds each slice of <paramref name="source"/> in place to the slice of x that <paramref name="index"/> names.</summary>
    public static Tensor GainAt(this Tensor x, long dim, Tensor index, Tensor source) => x.index_add_(dim, index, source, One);

    /// <summary>Adds a product in place.</summary>
    public static Tensor GainProduct(this Tensor x, Tensor left, Tensor right) => x.addcmul_(left, right, One);

    public static Tensor Plus(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.add(scalar, One);
    }

    public static Tensor Minus(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.sub(scalar);
    }

    /// <summary><paramref name="number"/> − x.</summary>
    public static Tensor From(this Tensor x, double number)
    {
        using Tensor negative = x.neg();
        return negative.Plus(number);
    }

    public static Tensor Times(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.mul(scalar);
    }

    /// <summary>Multiplies in place.</summary>
    public static Tensor Scale(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.mul_(scalar);
    }

    public static Tensor Over(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.div(scalar);
    }

    public static Tensor AtLeast(this Tensor x, double low)
    {
        using Scalar scalar = low;
        return x.clamp_min(scalar);
    }

    public static Tensor AtMost(this Tensor x, double high)
    {
        using Scalar scalar = high;
        return x.clamp_max(scalar);
    }

    /// <summary>Every value moved to the nearest end of the interval it lies outside of.</summary>
    public static Tensor Within(this Tensor x, double low, double high)
    {
        using Scalar least = low,
            most = high;
        return x.clamp(least, most);
    }

    /// <summary>x &gt; number, bool.</summary>
    public static Tensor IsAbove(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.gt(scalar);
    }

    /// <summary>x &lt; number, bool.</summary>
    public static Tensor IsBelow(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.lt(scalar);
    }

    /// <summary>low ≤ x ≤ high, bool.</summary>
    public static Tensor IsWithin(this Tensor x, double low, double high)
    {
        using Scalar least = low,
            most = high;
        using Tensor above = x.ge(least),
            below = x.le(most);
        return above.logical_and(below);
    }

    /// <summary>Sets values in place to −∞ where <paramref name="mask"/> is true.</summary>
    public static Tensor Hide(this Tensor x, Tensor mask)
    {
        using Scalar scalar = double.NegativeInfinity;
        return x.masked_fill_(mask, scalar);
    }

    /// <summary>Sets every value in place.</summary>
    public static Tensor FillWith(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.fill_(scalar);
    }

    /// <summary>0, step, 2·step … below <paramref name="end"/>.</summary>
    public static Tensor Range(long end, ScalarType dtype, Device device, long step = 1)
    {
        using Scalar start = 0,
            stop = end,
            stride = step;
        return arange(start, stop, stride, dtype, device);
    }

    /// <summary>Calls a script with tensors.</summary>
    public static Tensor Call(this jit.CompilationUnit script, string name, params Tensor[] tensors) =>
        script.invoke<Tensor>(name, [.. tensors]);

    /// <summary>Calls a script with tensors, one list each, then numbers.</summary>
    public static Tensor Invoke(this jit.CompilationUnit script, string name, IEnumerable<Tensor> tensors, params double[] numbers)
    {
        Scalar[] scalars = [.. numbers.Select(number => (Scalar)number)];
        try
        {
            return script.invoke<Tensor>(name, [.. tensors.Select(tensor => (Tensor[])[tensor]), .. scalars]);
        }
        finally
        {
            Array.ForEach(scalars, scalar => scalar.Dispose());
        }
    }
}
