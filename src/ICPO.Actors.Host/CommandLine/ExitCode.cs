namespace ICPO.Actors.Host.CommandLine;

/// <summary>What the process reports when it ends.</summary>
internal static class ExitCode
{
    /// <summary>The command did what was asked.</summary>
    public const int Done = 0;

    /// <summary>A run failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line, a configuration or a file is wrong.</summary>
    public const int BadInput = 2;

    /// <summary>Stopped on request; the run can be resumed.</summary>
    public const int Stopped = 130;
}
