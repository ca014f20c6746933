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
    private const string GpuFolder = "/proc/driver/nvidia/gpus";

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
        string where = device.type == DeviceType.CPU ? processor : $"{processor}, {Gpus(GpuFolder) ?? "GPU"} as {device}";
        return $"{where}, libtorch {torch.__version__}";
    }

    /// <summary>The models of the GPUs by the driver's files, each once; null if there are none. CUDA may number them otherwise.</summary>
    internal static string? Gpus(string folder)
    {
        string[] models = Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, "information", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
                    .SelectMany(File.ReadLines)
                    .Where(line => line.StartsWith("Model:", StringComparison.Ordinal))
                    .Select(line => line["Model:".Length..].Trim())
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ]
            : [];
        return models.Length > 0 ? string.Join(" and ", models) : null;
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
