namespace RunSupport;

/// <summary>How a process of the icpo executable is started, and when it is killed (like <c>kill -9</c>).</summary>
public sealed record ProcessOptions
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The fault point at which the process kills itself; null for none.</summary>
    public string? Fault { get; init; }

    /// <summary>When the process is killed if it still runs; null for never.</summary>
    public TimeSpan? KillAfter { get; init; }

    /// <summary><see cref="KillAfter"/> counts from the moment the process writes this text; null for its start.</summary>
    public string? Since { get; init; }

    /// <summary>Runs once the process has written <see cref="Since"/>.</summary>
    public Action? OnceSeen { get; init; }

    /// <summary>The working directory; null for that of the tests.</summary>
    public string? Directory { get; init; }
}
