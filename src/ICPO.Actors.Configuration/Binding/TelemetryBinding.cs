using System.Globalization;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Configuration.Binding;

/// <summary>Reads the section <c>telemetry</c>.</summary>
internal static class TelemetryBinding
{
    private const int MaxPort = 65_535;

    public static TelemetrySettings Bind(SettingsReader read)
    {
        string service = read.Text("telemetry.service");
        read.Require(service.Length > 0, "icpo.telemetry.service is empty; set it to the service name for traces and metrics.");
        return new TelemetrySettings
        {
            Listen = Listen(read, read.Text("telemetry.listen")),
            Service = service,
            TraceShare = read.Number("telemetry.trace-share", 0, 1),
            LogsJson = read.Choice("telemetry.log-format", ["text", "json"]) == "json",
            Otlp = Otlp(read),
        };
    }

    private static ListenAddress? Listen(SettingsReader read, string text)
    {
        int colon = text.LastIndexOf(':');
        bool hasPort = int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port);
        bool isAddress = colon > 0 && hasPort && port <= MaxPort;
        read.Require(
            isAddress || text.Length == 0,
            $"icpo.telemetry.listen: '{text}' is not an address; write it as host:port, such as 127.0.0.1:9464."
        );
        return isAddress ? new ListenAddress(text[..colon], port) : null;
    }

    private static OtlpSettings? Otlp(SettingsReader read)
    {
        string endpoint = read.Text("telemetry.otlp.endpoint");
        bool usesGrpc = read.Choice("telemetry.otlp.protocol", ["http", "grpc"]) == "grpc";
        TimeSpan interval = read.Duration("telemetry.otlp.interval");
        bool isUrl = Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https";
        read.Require(
            isUrl || endpoint.Length == 0,
            $"icpo.telemetry.otlp.endpoint: '{endpoint}' is not a URL; write it as http://host:port or https://host:port."
        );
        return isUrl ? new OtlpSettings(url!, usesGrpc, interval) : null;
    }
}
