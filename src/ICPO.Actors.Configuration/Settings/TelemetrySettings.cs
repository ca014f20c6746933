namespace ICPO.Actors.Configuration.Settings;

/// <summary>Monitoring of a process.</summary>
public sealed record TelemetrySettings
{
    /// <summary>The address of health checks and metrics; null disables them.</summary>
    public required ListenAddress? Listen { get; init; }

    /// <summary><c>service.name</c> of traces and metrics.</summary>
    public required string Service { get; init; }

    /// <summary>Share of the groups that are traced, in [0, 1].</summary>
    public required double TraceShare { get; init; }

    /// <summary>True to write log lines as JSON objects.</summary>
    public required bool LogsJson { get; init; }

    /// <summary>The collector; null disables the export.</summary>
    public required OtlpSettings? Otlp { get; init; }
}

/// <summary>An address to listen on.</summary>
/// <param name="Host">A name or an address of this machine.</param>
/// <param name="Port">0 uses a free one.</param>
public sealed record ListenAddress(string Host, int Port);

/// <summary>A collector of traces and metrics.</summary>
/// <param name="Endpoint">Its base URL.</param>
/// <param name="UsesGrpc">True for gRPC, false for protobuf over HTTP.</param>
/// <param name="Interval">Time between two exports of metrics.</param>
public sealed record OtlpSettings(Uri Endpoint, bool UsesGrpc, TimeSpan Interval);
