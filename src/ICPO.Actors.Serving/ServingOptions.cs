using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Serving;

/// <summary>How a model is served.</summary>
public sealed record ServingOptions
{
    /// <summary>The port of <see cref="Default"/>.</summary>
    public const int DefaultPort = 7421;

    /// <summary>A loopback address, which only this machine reaches.</summary>
    public static ListenAddress Default { get; } = new("127.0.0.1", DefaultPort);

    /// <summary>The address to listen on.</summary>
    public ListenAddress Listen { get; init; } = Default;

    /// <summary>
    /// The key that requests must have. Null requires none on a loopback address and creates a random one on others, which other machines
    /// may reach.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>The name that requests give the model; null takes the name of its file or directory.</summary>
    public string? Name { get; init; }

    /// <summary>Longest body of a request, in bytes.</summary>
    public long MaxBodyBytes { get; init; } = 4 << 20;

    /// <summary>Connections at once; further ones are closed.</summary>
    public int MaxConnections { get; init; } = 256;

    /// <summary>Requests that are answered at once, generating or waiting for a slot; further ones are rejected with status 429.</summary>
    public int MaxRequests { get; init; } = 128;

    /// <summary>Responses of one request, over all its prompts.</summary>
    public int MaxChoices { get; init; } = 128;

    /// <summary>Longest time until a response is complete.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a server that stops waits for responses that are being generated; the others end with an error.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
