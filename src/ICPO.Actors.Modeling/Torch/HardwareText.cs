using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Torch;

/// <summary>Names what the bits of a computation depend on.</summary>
public static class HardwareText
{
    private const string ProcessorFile = "/proc/cpuinfo";

    /// <summary>
    /// One line: the processor with its vector instructions and the number of threads, the GPU if one computes, and libtorch. Equal lines
    /// give equal bits.
    /// </summary>
    /// <param name="device">Where the computation takes place.</param>
    /// <param name="threads">Threads of an operation on the processor.</param>
    public static string Describe(Device device, int threads)
    {
        TorchRuntime.EnsureLoaded();
        string processor = $"{Processor()} {Instructions()}, {threads} {(threads == 1 ? "thread" : "threads")}";
        string where = device.type == DeviceType.CPU ? processor : $"{processor}, {device}";
        return $"{where}, libtorch {torch.__version__}";
    }

    private static string Processor()
    {
        string? name = File.Exists(ProcessorFile)
            ? File.ReadLines(ProcessorFile)
                .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
                ?.Split(':', 2)[^1]
                .Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return string.IsNullOrEmpty(name) ? RuntimeInformation.ProcessArchitecture.ToString() : name;
    }

    private static string Instructions() =>
        (Avx512F.IsSupported, Avx2.IsSupported, AdvSimd.IsSupported) switch
        {
            (true, _, _) => "AVX-512",
            (_, true, _) => "AVX2",
            (_, _, true) => "AdvSIMD",
            _ => "without vector instructions",
        };
}
