using System.Runtime.InteropServices;

namespace ICPO.Actors.Wire.Segments;

/// <summary>Makes the names in a directory durable: a new file survives a power failure only once its directory is synced too.</summary>
internal static partial class DirectorySync
{
    /// <summary>Syncs a directory. Not available on Windows; .NET cannot open directories, hence libc.</summary>
    /// <exception cref="IOException">The disk fails; names the directory.</exception>
    public static void Sync(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(directory, 0);
        try
        {
            if (descriptor < 0 || FSync(descriptor) < 0)
            {
                throw new IOException($"{directory} could not be synced to the disk: {Marshal.GetLastPInvokeErrorMessage()}.");
            }
        }
        finally
        {
            _ = descriptor < 0 ? 0 : Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
