using System.Runtime.InteropServices;

namespace ICPO.Actors.Modeling.Torch;

/// <summary>
/// Makes TorchSharp's native library loadable where the C++ runtime is older than the one it was built against (Debian 12).
/// The library needs the symbol version GLIBCXX_3.4.32 but binds no symbol of it, so marking that need weak in the output
/// folder's copy is enough. The marked copy is written beside the file and renamed over it: the file itself may be a hard
/// link into the package cache, other processes may be starting at the same time (each writes the same bytes), and a copy
/// that is already loaded must not change.
/// </summary>
internal static class TorchLibraryMend
{
    private const string FileName = "libLibTorchSharp.so";
    private const string Version = "GLIBCXX_3.4.32";
    private const string SymbolOfThatVersion = "_ZSt21ios_base_library_initv";

    /// <summary>Mends the library in <paramref name="folder"/> if this machine needs it.</summary>
    /// <returns>What was done, for a log; null if nothing had to be.</returns>
    /// <exception cref="InvalidOperationException">The folder cannot be written; names the file and the mend.</exception>
    public static string? Apply(string folder)
    {
        if (!OperatingSystem.IsLinux() || RuntimeHasVersion())
        {
            return null;
        }

        string[] places =
        [
            Path.Combine(folder, FileName),
            Path.Combine(folder, "runtimes", RuntimeInformation.RuntimeIdentifier, "native", FileName),
        ];
        return places.FirstOrDefault(File.Exists) is { } path && MarkWeak(path)
            ? $"Marked the need for {Version} weak in {path}: this machine's libstdc++ is older and the library does not use it."
            : null;
    }

    /// <summary>Marks the version need weak; false if it is so already or the library has no such need.</summary>
    public static bool MarkWeak(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (ElfVersionNeeds.FlagsOffset(bytes, Version) is not { } at || ElfVersionNeeds.IsWeak(bytes, at))
        {
            return false;
        }

        ElfVersionNeeds.MarkWeak(bytes, at);
        string temporary = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            // The old time stamp keeps the next build from copying the unmended file over this one.
            DateTime written = File.GetLastWriteTimeUtc(path);
            File.WriteAllBytes(temporary, bytes);
            File.SetLastWriteTimeUtc(temporary, written);
            File.Move(temporary, path, overwrite: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"{path} needs {Version}, which this machine's libstdc++ lacks, and could not be replaced by a mended copy ({e.Message}): "
                    + "make its folder writable for one start, or install libstdc++ of GCC 13 or newer.",
                e
            );
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static bool RuntimeHasVersion() =>
        NativeLibrary.TryLoad("libstdc++.so.6", out nint handle) && NativeLibrary.TryGetExport(handle, SymbolOfThatVersion, out _);
}
