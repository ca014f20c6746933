using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Torch;

/// <summary>The numbers of tensors, for kernels that are written by hand.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>Where a contiguous tensor in main memory starts; by way of its first number, since a span ends at 2 GiB.</summary>
    public static void* Start(Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        return Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.view(-1).narrow(0, 0, 1).bytes));
    }
}
