namespace ICPO.Actors.Runs;

/// <summary>A new run was to be started in a directory that already contains one.</summary>
/// <param name="directory">The directory.</param>
public sealed class RunExistsException(string directory)
    : IOException($"{directory} already contains a run; resume it with IIcpoRuns.ResumeAsync, or choose another directory.")
{
    /// <summary>The directory of the run that is there.</summary>
    public string Directory { get; } = directory;
}
