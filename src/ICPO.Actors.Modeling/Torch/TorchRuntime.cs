using System.Runtime.InteropServices;
using TorchSharp;

namespace ICPO.Actors.Modeling.Torch;

/// <summary>
/// Loads libtorch once per process. Call <see cref="EnsureLoaded"/> before creating the first tensor: otherwise a library that cannot
/// be loaded aborts the process.
/// </summary>
public static class TorchRuntime
{
    private const string LargestLibrary = "libtorch_cpu.so";
    private const long RequiredAddresses = 7_000_000_000; // a small run ends with 6 GB and passes with 8
    private const int MaxCause = 400;

    private static readonly Lazy<string?> Loaded = new(Load);

    /// <summary>Loads libtorch and sets its intra-op threads to 1. Thread-safe; does nothing after the first call.</summary>
    /// <returns>A log message if the library was patched; otherwise null.</returns>
    /// <exception cref="LibtorchException">The library cannot be loaded; the message names the file and the fix.</exception>
    /// <exception cref="InvalidOperationException">The library cannot be patched; the message names the file and the fix.</exception>
    public static string? EnsureLoaded() => Loaded.Value;

    /// <summary>The version of libtorch, once it is loaded.</summary>
    public static string Version => torch.__version__;

    /// <summary>Whether libtorch can compute on a GPU here, once it is loaded.</summary>
    public static bool HasCuda => torch.cuda.is_available();

    /// <summary>Sets the number of threads that operations of the current thread may use; other threads keep theirs.</summary>
    public static void SetThreads(int count)
    {
        // The first operation of a thread that asks for the number sets it to what any thread has set last. Ask before setting it.
        _ = torch.get_num_threads();
        torch.set_num_threads(count);
    }

    private static string? Load()
    {
        string? message = LibtorchCompatibility.Apply(AppContext.BaseDirectory);
        if (AddressSpace.Limit() < RequiredAddresses)
        {
            // It might load, but the runtime ends the process without a message where a thread or the heap cannot reserve its addresses.
            throw new LibtorchException($"libtorch is not loaded, since it reserves more addresses than there are. {AddressSpace.Hint()}");
        }

        try
        {
            // After a failure TorchSharp copies the packages' libraries, and does not report why the first attempt failed.
            LoadLargestLibrary();
            torch.InitializeDeviceType(DeviceType.CPU);

            // Each actor computes on its own thread; more intra-op threads on shared cores slow all of them down.
            SetThreads(1);
            return message;
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or NotSupportedException)
        {
            string cause = string.Join(' ', (e.InnerException ?? e).Message.Split('\n').Select(line => line.Trim())).Trim('.', ' ');
            string fix = AddressSpace.Hint() ?? "Restore and build again for this machine's runtime identifier.";
            throw new LibtorchException($"libtorch could not be loaded from {AppContext.BaseDirectory} ({Short(cause)}). {fix}", e);
        }
    }

    private static void LoadLargestLibrary()
    {
        string[] places =
        [
            AppContext.BaseDirectory,
            Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"),
        ];
        if (places.Select(place => Path.Combine(place, LargestLibrary)).FirstOrDefault(File.Exists) is { } path)
        {
            NativeLibrary.Load(path);
        }
    }

    private static string Short(string text) => text.Length > MaxCause ? $"{text[..MaxCause]}…" : text;
}

/// <summary>libtorch could not be loaded; the message states the reason and the fix.</summary>
/// <param name="message">One sentence or two.</param>
/// <param name="cause">The error of the loader; null if nothing was loaded.</param>
public sealed class LibtorchException(string message, Exception? cause = null) : InvalidOperationException(message, cause);
