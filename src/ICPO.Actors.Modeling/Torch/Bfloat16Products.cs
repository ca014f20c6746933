using System.Runtime.Intrinsics.X86;

namespace ICPO.Actors.Modeling.Torch;

/// <summary>
/// Determines whether products of bfloat16 matrices are faster than those of float32. A processor without instructions for them computes
/// them many times slower: libtorch then converts element by element.
/// </summary>
public static class Bfloat16Products
{
    private const int Avx512Bf16Bit = 5;
    private const int AmxBf16Bit = 22;

    /// <summary>The dtype of the setting <c>auto</c> on this machine.</summary>
    /// <param name="device">As <c>model.device</c>, e.g. <c>cpu</c> or <c>cuda:0</c>.</param>
    public static string FastestDtype(string device) => AreFast(device) ? "bfloat16" : "float32";

    /// <summary>True for GPUs, and for processors with AVX512-BF16 or AMX-BF16.</summary>
    /// <param name="device">As <c>model.device</c>, e.g. <c>cpu</c> or <c>cuda:0</c>.</param>
    public static bool AreFast(string device) => device != "cpu" || IsProcessorFast;

    private static bool IsProcessorFast { get; } = Avx512F.IsSupported && (HasAvx512Bf16() || HasAmxBf16());

    private static bool HasAvx512Bf16() => (X86Base.CpuId(7, 1).Eax >> Avx512Bf16Bit & 1) == 1;

    private static bool HasAmxBf16() => (X86Base.CpuId(7, 0).Edx >> AmxBf16Bit & 1) == 1;
}
