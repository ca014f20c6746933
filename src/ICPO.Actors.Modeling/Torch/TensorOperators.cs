using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Torch;

/// <summary>
/// Operations of tensors with numbers. TorchSharp passes libtorch the raw pointer of a <see cref="Scalar"/>, which has a finalizer
/// and is not referenced afterwards: a garbage collection on another thread can free it while libtorch reads it. This affects the
/// conversions from numbers, the operators with numbers and the members that create a scalar internally (addition has a factor
/// of 1). Here each scalar is disposed after the call, which keeps it alive until then. The architecture tests check that no other
/// class of this project creates scalars or calls members that do.
/// </summary>
internal static class TensorOperators
{
    // Referenced for the life of the process, so never finalized.
    private static readonly Scalar One = 1;

    public static Tensor Add(this Tensor x, Tensor other) => x.add(other, One);

    /// <summary>Adds in place.</summary>
    public static Tensor AddInPlace(this Tensor x, Tensor other) => x.add_(other, One);

    /// <summary>Adds in place each slice of <paramref name="source"/> to the slice of x at <paramref name="index"/>.</summary>
    public static Tensor IndexAddInPlace(this Tensor x, long dim, Tensor index, Tensor source) => x.index_add_(dim, index, source, One);

    /// <summary>Adds left · right in place.</summary>
    public static Tensor AddcmulInPlace(this Tensor x, Tensor left, Tensor right) => x.addcmul_(left, right, One);

    public static Tensor Add(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.add(scalar, One);
    }

    public static Tensor Sub(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.sub(scalar);
    }

    /// <summary><paramref name="number"/> − x.</summary>
    public static Tensor RSub(this Tensor x, double number)
    {
        using Tensor negative = x.neg();
        return negative.Add(number);
    }

    public static Tensor Mul(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.mul(scalar);
    }

    /// <summary>Multiplies in place.</summary>
    public static Tensor MulInPlace(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.mul_(scalar);
    }

    public static Tensor Div(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.div(scalar);
    }

    public static Tensor ClampMin(this Tensor x, double low)
    {
        using Scalar scalar = low;
        return x.clamp_min(scalar);
    }

    public static Tensor ClampMax(this Tensor x, double high)
    {
        using Scalar scalar = high;
        return x.clamp_max(scalar);
    }

    /// <summary>Limits every value to [low, high].</summary>
    public static Tensor Clamp(this Tensor x, double low, double high)
    {
        using Scalar min = low,
            max = high;
        return x.clamp(min, max);
    }

    /// <summary>x &gt; number, bool.</summary>
    public static Tensor Gt(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.gt(scalar);
    }

    /// <summary>x &lt; number, bool.</summary>
    public static Tensor Lt(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.lt(scalar);
    }

    /// <summary>low ≤ x ≤ high, bool.</summary>
    public static Tensor IsBetween(this Tensor x, double low, double high)
    {
        using Scalar min = low,
            max = high;
        using Tensor above = x.ge(min),
            below = x.le(max);
        return above.logical_and(below);
    }

    /// <summary>Sets values in place to −∞ where <paramref name="mask"/> is true.</summary>
    public static Tensor MaskFillInPlace(this Tensor x, Tensor mask)
    {
        using Scalar scalar = double.NegativeInfinity;
        return x.masked_fill_(mask, scalar);
    }

    /// <summary>Sets every value in place.</summary>
    public static Tensor FillInPlace(this Tensor x, double number)
    {
        using Scalar scalar = number;
        return x.fill_(scalar);
    }

    /// <summary>0, step, 2·step … below <paramref name="end"/>.</summary>
    public static Tensor Arange(long end, ScalarType dtype, Device device, long step = 1)
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
