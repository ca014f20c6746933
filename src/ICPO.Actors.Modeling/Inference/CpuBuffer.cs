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
}
