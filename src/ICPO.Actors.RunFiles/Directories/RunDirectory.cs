namespace ICPO.Actors.RunFiles.Directories;

/// <summary>The files and folders of a run.</summary>
public sealed record RunDirectory(string Path)
{
    public string EffectiveConfiguration => In("effective.conf");
    public string Inputs => In("inputs.json");
    public string Events => In("events.jsonl");
    public string Metrics => In("metrics.jsonl");
    public string Nodes => In("nodes.json");
    public string Samples => In("samples.jsonl");
    public string Rejected => In("rejected.jsonl");
    public string TensorBoard => In("tensorboard");
    public string Journal => In("journal.db");
    public string Payloads => In("payloads");
    public string Checkpoints => In("checkpoints");
    public string Policies => In("policies");
    public string Summary => In("summary.json");
    public string Report => In("report.html");
    public string Lock => In("run.lock");
    public string Owner => In("run.owner.json");
    public string Log => In("run.log");

    /// <summary>True if the directory of a started run was removed or emptied.</summary>
    public bool IsRemoved => !File.Exists(Lock);

    /// <summary>The error of a run that ends because its directory was removed.</summary>
    public string RemovedMessage =>
        $"The run directory {Path} was removed or emptied while the run was active; the run cannot be resumed: start a new one, or "
        + "restore the directory from a copy.";

    /// <summary>Creates the directory and its folders.</summary>
    /// <exception cref="IOException">It cannot be written; names it.</exception>
    public void Create()
    {
        try
        {
            foreach (string folder in new[] { Path, TensorBoard, Payloads, Checkpoints, Policies })
            {
                Directory.CreateDirectory(folder);
            }
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new IOException($"The run directory {Path} cannot be written ({error.Message}); choose another run.directory.", error);
        }
    }

    /// <summary>Creates the directory for one process: false if another one has claimed it.</summary>
    /// <exception cref="IOException">It cannot be written; names it.</exception>
    internal bool TryClaim()
    {
        Create();
        try
        {
            // Of several processes only one creates the file.
            using FileStream created = new(Lock, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite);
            return true;
        }
        catch (IOException) when (File.Exists(Lock))
        {
            return false;
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
