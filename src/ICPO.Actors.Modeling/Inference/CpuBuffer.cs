using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>A contiguous float32 matrix that both libtorch and the row kernels write.</summary>
/// <param name="tensor">[rows, width].</param>
/// <param name="start">Address of its first number.</param>
/// <param name="width">Numbers of a row.</param>
internal readonly unsafe struct CpuBuffer(Tensor tensor, float* start, int width)
{
    public Tensor Tensor => tensor;

    public int Width => width;

    public float* this[int row] => start + (nint)row * width;

    /// <summary>Address of a contiguous tensor, taken from its first number, since a span is limited to 2 GiB; null for none.</summary>
    public static float* Pointer(Tensor? tensor)
    {
        if (tensor is null)
        {
            return null;
        }

        using DisposeScope scope = NewDisposeScope();
        return (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.view(-1).narrow(0, 0, 1).bytes));
    }
}
