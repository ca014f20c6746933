using System.Diagnostics;
using System.Globalization;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Transformer;
using static TorchSharp.torch;

namespace ICPO.Actors.Benchmarks;

/// <summary>
/// Peak memory of loading a model relative to the size of its weights; each load in its own process, after libtorch was loaded.
/// </summary>
internal static class Loading
{
    public static async IAsyncEnumerable<Measurement> MeasureAsync(string path, int repeats)
    {
        foreach (ScalarType dtype in new[] { ScalarType.BFloat16, ScalarType.Float32 })
        {
            List<double[]> taken = [];
            for (int repeat = 0; repeat < repeats; repeat++)
            {
                using Process child = Process.Start(
                    new ProcessStartInfo(Environment.ProcessPath!, ["load-of", path, dtype.ToString()]) { RedirectStandardOutput = true }
                )!;
                string said = await child.StandardOutput.ReadToEndAsync();
                await child.WaitForExitAsync();
                taken.Add(
                    child.ExitCode == 0
                        ? [.. said.Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture))]
                        : throw new InvalidDataException($"{path} cannot be loaded.")
                );
            }

            yield return new Measurement(
                $"load {dtype}, {taken[0][0]:n0} MB of weights: peak",
                "×",
                [.. taken.Select(t => t[1] / t[0])],
                1.2
            )
            {
                IsLimit = true,
            };
            yield return new Measurement($"load {dtype}, with the tokenizer: peak", "×", [.. taken.Select(t => t[2] / t[0])]);
        }
    }

    /// <summary>
    /// Runs in the child process of <see cref="MeasureAsync"/>; returns the megabytes of the weights, and the growth of memory without and
    /// with
    /// the tokenizer.
    /// </summary>
    public static string LoadOf(string path, string dtype)
    {
        TorchRuntime.EnsureLoaded();
        zeros(1).Dispose();
        double start = Status("VmRSS");
        var source = ModelSource.Open(path);
        using Decoder decoder = source.Load(CPU, Enum.Parse<ScalarType>(dtype));
        double loaded = Status("VmHWM");
        source.LoadTokenizer();
        double weights = decoder.parameters().Sum(p => p.numel() * p.ElementSize) / 1e6;
        return string.Create(CultureInfo.InvariantCulture, $"{weights} {loaded - start} {Status("VmHWM") - start}");
    }

    private static double Status(string key) =>
        long.Parse(
            string.Concat(
                File.ReadLines("/proc/self/status").First(line => line.StartsWith(key, StringComparison.Ordinal)).Where(char.IsAsciiDigit)
            ),
            CultureInfo.InvariantCulture
        )
        * 1024
        / 1e6;
}
