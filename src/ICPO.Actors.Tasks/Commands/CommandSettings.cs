using System.Collections.Immutable;

namespace ICPO.Actors.Tasks.Commands;

/// <summary>Settings of the verifier <c>command</c>.</summary>
public sealed record CommandSettings
{
    /// <summary>The program and its arguments.</summary>
    public ImmutableArray<string> Run { get; init; } = [];

    /// <summary>The working directory; empty is that of the process.</summary>
    public string Directory { get; init; } = "";

    /// <summary>More files whose content determines rewards, relative to <see cref="Directory"/>.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>Additional time for the first answer of a process.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Maximum data of each process in MB; null is no limit.</summary>
    public int? Memory { get; init; } = 4096;
}
