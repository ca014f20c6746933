namespace ICPO.Actors.Runs;

/// <summary>A run failed. Its directory is kept and can be resumed.</summary>
public sealed class RunFailedException(string message, string directory, Exception cause) : Exception(message, cause)
{
    /// <summary>The run's directory.</summary>
    public string Directory { get; } = directory;
}
