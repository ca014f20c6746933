using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using ICPO.Actors.Modeling.Torch;

namespace ICPO.Actors.Host.Diagnosis;

/// <summary>System and processor.</summary>
internal static class ProcessorFinding
{
    private const string System = "system";
    private const string Processor = "processor";

    public static Finding OfSystem() =>
        OfSystem(OperatingSystem.IsLinux(), RuntimeInformation.ProcessArchitecture, RuntimeInformation.OSDescription);

    /// <param name="isLinux">Whether the system is Linux.</param>
    /// <param name="architecture">Of this process.</param>
    /// <param name="description">The system's name.</param>
    internal static Finding OfSystem(bool isLinux, Architecture architecture, string description)
    {
        string text = $"{description.Trim()}, {architecture.ToString().ToLowerInvariant()}, {RuntimeInformation.FrameworkDescription}";
        return isLinux && architecture == Architecture.X64
            ? Finding.Good(System, text)
            : Finding.Note(System, text, "The tests run on Linux x64; elsewhere libtorch may be missing.");
    }

    public static Finding OfProcessor() =>
        OfProcessor(Environment.ProcessorCount, Avx2.IsSupported, Avx512F.IsSupported, Bfloat16Products.AreFast("cpu"));

    /// <param name="cores">Cores that this process may use.</param>
    /// <param name="avx2">Vectors of 8 numbers.</param>
    /// <param name="avx512">Vectors of 16 numbers.</param>
    /// <param name="bfloat16">Products of bfloat16 numbers.</param>
    internal static Finding OfProcessor(int cores, bool avx2, bool avx512, bool bfloat16)
    {
        string[] sets =
        [
            .. new[] { avx2 ? "AVX2" : "", avx512 ? "AVX-512" : "", bfloat16 ? "bfloat16 products" : "" }.Where(name => name.Length > 0),
        ];
        string text = $"{cores} cores, {(sets.Length > 0 ? string.Join(", ", sets) : "no vector instructions")}";
        if (!avx2)
        {
            return Finding.Note(Processor, text, "Without AVX2 a run takes many times as long; use another machine.");
        }

        return bfloat16
            ? Finding.Good(Processor, text)
            : Finding.Note(Processor, text, "Keep model.dtype = float32: bfloat16 is slower here.");
    }
}
