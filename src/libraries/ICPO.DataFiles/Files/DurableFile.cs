using System.Runtime.InteropServices;

namespace ICPO.DataFiles.Files;

/// <summary>Writes files and directories atomically: the name appears only when the content is complete and synced to disk.</summary>
public static partial class DurableFile
{
    /// <summary>Writes a temporary file next to <paramref name="path"/>, syncs it and renames it over the path.</summary>
    /// <exception cref="IOException">Writing failed; the previous file, if any, is unchanged and the temporary file is removed.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = Temporary(path);
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Fills a temporary directory next to <paramref name="path"/> and renames it; an existing directory is replaced.</summary>
    public static void WriteDirectory(string path, Action<string> fill)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        (string? temporary, string? old) = (Temporary(path), Temporary(path));
        try
        {
            Directory.CreateDirectory(temporary);
            fill(temporary);
            SyncDirectory(temporary);
            if (Directory.Exists(path))
            {
                Directory.Move(path, old);
            }

            try
            {
                Directory.Move(temporary, path);
            }
            catch when (Directory.Exists(old))
            {
                Directory.Move(old, path);
                throw;
            }

            SyncDirectory(Path.GetDirectoryName(path)!);
        }
        finally
        {
            foreach (string? left in new[] { temporary, old }.Where(Directory.Exists))
            {
                Directory.Delete(left, recursive: true);
            }
        }
    }

    /// <summary>Makes renames in a directory durable. Not available on Windows; .NET cannot open directories, hence libc.</summary>
    private static void SyncDirectory(string directory)
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

    private static string Temporary(string path) => $"{path}.{Guid.NewGuid():n}.tmp";

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
