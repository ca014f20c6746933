namespace ICPO.Actors.RunFiles.Journal;

/// <summary>
/// A temporary copy of a journal in a SQLite file whose process was killed. SQLite reads a write-ahead log only with an index file beside
/// it, and a reader would have to create that in the run's directory.
/// </summary>
internal sealed class JournalCopy : IDisposable
{
    private const string Log = "-wal";
    private const string Index = "-shm";
    private readonly string _folder = Directory.CreateTempSubdirectory("icpo-journal-").FullName;

    private JournalCopy(string path)
    {
        Path = System.IO.Path.Combine(_folder, "journal.db");
        try
        {
            File.Copy(path, Path);
            File.Copy(path + Log, Path + Log);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The copy of the file.</summary>
    public string Path { get; }

    /// <summary>Copies a journal that cannot be read in place.</summary>
    /// <returns>Null if it can: a process has it open, or everything is in the file itself.</returns>
    /// <exception cref="IOException">The disk is full, or the run was removed.</exception>
    public static JournalCopy? IfNeeded(string path)
    {
        var log = new FileInfo(path + Log);
        return log is { Exists: true, Length: > 0 } && !File.Exists(path + Index) ? new JournalCopy(path) : null;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
