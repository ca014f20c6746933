using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.RunFiles;

/// <summary>The state of a run.</summary>
public enum RunState
{
    /// <summary>A process is working on it.</summary>
    Running,

    /// <summary>All updates are committed.</summary>
    Completed,

    /// <summary>It was stopped on request.</summary>
    Stopped,

    /// <summary>It ended with an error.</summary>
    Failed,

    /// <summary>Its process exited without writing a summary.</summary>
    Dead,
}

/// <summary>An overview of a run directory.</summary>
public sealed record RunEntry
{
    public required string Directory { get; init; }

    public required RunState State { get; init; }

    /// <summary>The process that works on it, or that exited without writing a summary.</summary>
    public RunOwner? Owner { get; init; }

    /// <summary>Its configuration; null if that cannot be read.</summary>
    public RunSettings? Settings { get; init; }

    /// <summary>Committed updates.</summary>
    public long Committed { get; init; }

    /// <summary>Accuracy before training.</summary>
    public double? Before { get; init; }

    /// <summary>The last accuracy measured.</summary>
    public double? Accuracy { get; init; }

    /// <summary>The update of <see cref="Accuracy"/>.</summary>
    public long? AccuracyAt { get; init; }

    /// <summary>Why it failed, or which part of it cannot be read.</summary>
    public string? Error { get; init; }
}
