using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Benchmarks;

/// <summary>The reference speed of a machine: float32 products of 1024 × 1024 matrices on one thread.</summary>
internal static class Products
{
    /// <summary>GFLOP/s on the machine for which the targets were set.</summary>
    public const double Reference = 102;

    public static Task<Measurement> MeasureAsync(int repeats)
    {
        set_num_threads(1);
        return Measurement.TakeAsync("float32 product 1024³, one thread", "GFLOP/s", repeats, () =>
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable gradients = no_grad();
            Tensor left = randn(1024, 1024),
                right = randn(1024, 1024);
            const int Times = 40;
            for (int time = 0; time < Times; time++)
            {
                left.mm(right).Dispose();
            }

            return Task.FromResult(Times * 2.0 * 1024 * 1024 * 1024 / 1e9);
        });
    }
}
