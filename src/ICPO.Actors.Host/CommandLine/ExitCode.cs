namespace ICPO.Actors.Host.CommandLine;

/// <summary>Exit codes of the process.</summary>
internal static class ExitCode
{
    /// <summary>Success.</summary>
    public const int Done = 0;

    /// <summary>A run failed, or a check found a difference.</summary>
    public const int Failed = 1;

    /// <summary>The command line, the configuration or a file is invalid.</summary>
    public const int BadInput = 2;

    /// <summary>Another process continues the run; this one may be restarted as a standby.</summary>
    public const int Replaced = 3;

    /// <summary>Stopped on request; a run can be resumed.</summary>
    public const int Stopped = 130;
}
