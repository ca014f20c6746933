using System.Globalization;
using ICPO.Actors.Composition;
using ICPO.Actors.Host.CommandLine;

namespace ICPO.Actors.Host.Diagnosis;

/// <summary>Memory, disks and open files.</summary>
internal static class StorageFinding
{
    private const string Memory = "memory";
    private const string Disk = "disk";
    private const string Temporary = "temporary files";
    private const long SmallMemory = 2_000_000_000;
    private const long SmallDisk = 1_000_000_000;

    public static Finding OfMemory(MachineMemory machine)
    {
        string text = $"{Size(machine.Bytes)}, by {machine.Source}";
        return machine.Bytes >= SmallMemory
            ? Finding.Good(Memory, text)
            : Finding.Problem(Memory, text, $"The default run needs about {Size(SmallMemory)}; raise the limit, or use another machine.");
    }

    /// <summary>The disk of a directory that need not exist yet.</summary>
    public static Finding OfDisk(string directory)
    {
        string existing = Path.GetFullPath(directory);
        while (!Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing)!;
        }

        try
        {
            long free = new DriveInfo(existing).AvailableFreeSpace;
            return OfDisk(existing, free, CanWrite(existing));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Finding.Note(Disk, $"{existing}: its free space is not known ({error.Message.TrimEnd('.')})");
        }
    }

    /// <param name="directory">The directory.</param>
    /// <param name="free">Free bytes.</param>
    /// <param name="writable">Whether this process may create files there.</param>
    internal static Finding OfDisk(string directory, long free, bool writable)
    {
        string text = $"{Size(free)} free in {directory}";
        if (!writable)
        {
            return Finding.Problem(
                Disk,
                $"{directory} cannot be written",
                "Change to a directory that can be written, or set run.directory."
            );
        }

        return free >= SmallDisk
            ? Finding.Good(Disk, text)
            : Finding.Problem(Disk, text, "Free some space (icpo runs prune), or set run.directory to another disk.");
    }

    public static Finding OfTemporary()
    {
        string folder = Path.GetTempPath();
        return Directory.Exists(folder) && CanWrite(folder)
            ? Finding.Good(Temporary, folder)
            : Finding.Problem(Temporary, $"{folder} cannot be written", "Set TMPDIR to a directory that can be written.");
    }

    public static Finding OfOpenFiles() =>
        OpenFilesLimit.Problem() is { } problem
            ? Finding.Problem("open files", "too few", problem)
            : Finding.Good("open files", "enough (ulimit -n)");

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB");

    /// <summary>Creates an empty file that is deleted as it is closed.</summary>
    private static bool CanWrite(string directory)
    {
        try
        {
            string path = Path.Combine(directory, $".icpo-doctor-{Guid.NewGuid():n}");
            using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
