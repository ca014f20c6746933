using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Dashboard;

/// <summary>How a dashboard is served.</summary>
public sealed record DashboardOptions
{
    /// <summary>The address of <see cref="Default"/>.</summary>
    public const int DefaultPort = 7420;

    /// <summary>A loopback address, which only this machine reaches.</summary>
    public static ListenAddress Default { get; } = new("127.0.0.1", DefaultPort);

    /// <summary>The address to listen on.</summary>
    public ListenAddress Listen { get; init; } = Default;

    /// <summary>
    /// The key that requests must have. Null requires none on a loopback address and creates a random one on others, which other machines
    /// may reach.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>Opens the tokenizer of a run, to show its tokens; it may throw an IOException or InvalidDataException.</summary>
    public required Func<RunSettings, ITokenizer> OpenTokenizer { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
