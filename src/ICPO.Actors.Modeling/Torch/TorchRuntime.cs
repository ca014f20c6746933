using TorchSharp;

namespace ICPO.Actors.Modeling.Torch;

/// <summary>
/// Loads libtorch once per process. Call <see cref="EnsureLoaded"/> before creating the first tensor: otherwise a library that cannot
/// be loaded aborts the process.
/// </summary>
public static class TorchRuntime
{
    private static readonly Lazy<string?> Loaded = new(Load);

    /// <summary>Loads libtorch and sets its intra-op threads to 1. Thread-safe; does nothing after the first call.</summary>
    /// <returns>A log message if the library was patched; otherwise null.</returns>
    /// <exception cref="InvalidOperationException">The library cannot be loaded; the message names the file and the fix.</exception>
    public static string? EnsureLoaded() => Loaded.Value;

    private static string? Load()
    {
        string? message = LibtorchCompatibility.Apply(AppContext.BaseDirectory);
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);

            // Each actor computes on its own thread; more intra-op threads on shared cores slow all of them down.
            torch.set_num_threads(1);
            return message;
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or NotSupportedException)
        {
            throw new InvalidOperationException(
                $"libtorch could not be loaded from {AppContext.BaseDirectory} ({(e.InnerException ?? e).Message}). "
                    + "Restore and build again for this machine's runtime identifier.",
                e
            );
        }
    }
}
