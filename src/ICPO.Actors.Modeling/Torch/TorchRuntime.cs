using TorchSharp;

namespace ICPO.Actors.Modeling.Torch;

/// <summary>
/// libtorch, loaded once per process. Everything in this project that makes a first tensor calls <see cref="EnsureLoaded"/>
/// before it, since a library that cannot load takes the whole process down.
/// </summary>
public static class TorchRuntime
{
    private static readonly Lazy<string?> Loaded = new(Load);

    /// <summary>Loads libtorch; thread-safe, and nothing after the first time. Intra-op threads are 1 until someone sets them.</summary>
    /// <returns>What had to be done to make it load, for a log; null if nothing.</returns>
    /// <exception cref="InvalidOperationException">It cannot be loaded; names the file and the mend.</exception>
    public static string? EnsureLoaded() => Loaded.Value;

    private static string? Load()
    {
        string? mended = TorchLibraryMend.Apply(AppContext.BaseDirectory);
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);

            // Parallelism comes from actors (one thread each); intra-op threads on shared cores collapse.
            torch.set_num_threads(1);
            return mended;
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or NotSupportedException)
        {
            throw new InvalidOperationException(
                $"libtorch could not be loaded from {AppContext.BaseDirectory} ({(e.InnerException ?? e).Message}): restore and build again for this machine's runtime identifier.",
                e
            );
        }
    }
}
