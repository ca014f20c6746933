namespace ICPO.Actors.RunFiles.Directories;

/// <summary>The files and folders of a run.</summary>
public sealed record RunDirectory(string Path)
{
    public string EffectiveConfiguration => In("effective.conf");
    public string Metrics => In("metrics.jsonl");
    public string Samples => In("samples.jsonl");
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
            throw new IOException(
                $"The run directory {Path} cannot be written ({error.Message}); choose another with --output or run.directory.",
                error
            );
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
