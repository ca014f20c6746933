using System.Runtime.InteropServices;

namespace ICPO.Actors.Modeling.Torch;

/// <summary>
/// Makes TorchSharp's native library loadable on systems with an older libstdc++ than it was built against (Debian 12).
/// The library requires the symbol version GLIBCXX_3.4.32 but uses no symbol of it, so marking that requirement weak in the output
/// folder's copy is sufficient. The patched copy is written next to the file and renamed over it: the file can be a hard
/// link into the package cache, other processes may start at the same time (each writes the same bytes), and a copy
/// that is already loaded must not change.
/// </summary>
internal static class LibtorchCompatibility
{
    private const string FileName = "libLibTorchSharp.so";
    private const string Version = "GLIBCXX_3.4.32";
    private const string SymbolOfThatVersion = "_ZSt21ios_base_library_initv";

    /// <summary>Patches the library in <paramref name="folder"/> if this machine requires it.</summary>
    /// <returns>A log message; null if the library was not changed.</returns>
    /// <exception cref="InvalidOperationException">The folder is not writable; the message names the file and the fix.</exception>
    public static string? Apply(string folder)
    {
        if (!OperatingSystem.IsLinux() || RuntimeHasVersion())
        {
            return null;
        }

        string[] candidates =
        [
            Path.Combine(folder, FileName),
            Path.Combine(folder, "runtimes", RuntimeInformation.RuntimeIdentifier, "native", FileName),
        ];
        return candidates.FirstOrDefault(File.Exists) is { } path && MarkWeak(path)
            ? $"Marked the version requirement {Version} in {path} weak: this machine's libstdc++ is older and the library does not use it."
            : null;
    }

    /// <summary>Marks the version requirement weak; returns false if it is already weak or absent.</summary>
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
            // Keeping the timestamp prevents the next build from copying the original file over this one.
            DateTime written = File.GetLastWriteTimeUtc(path);
            File.WriteAllBytes(temporary, bytes);
            File.SetLastWriteTimeUtc(temporary, written);
            File.Move(temporary, path, overwrite: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"{path} requires {Version}, which this machine's libstdc++ does not have, and could not be patched ({e.Message}). "
                    + "Make its folder writable for one start, or install libstdc++ of GCC 13 or newer.",
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
