namespace Fuzz.Readers;

/// <summary>A folder of this process for readers that take a path; in memory where the system has such a place.</summary>
internal static class Scratch
{
    private static readonly string Folder = Path.Combine(
        Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(),
        $"icpo-fuzz-{Environment.ProcessId}"
    );

    /// <summary>The path of a file with this content.</summary>
    public static string File(string name, byte[] content)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>A directory for this reader.</summary>
    public static string In(string name) => Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;

    public static void Delete()
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
