using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Metrics.Sinks;
using ICPO.Actors.Tracing;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ICPO.Actors.Host.Telemetry;

/// <summary>Exports the traces and metrics of this process to a collector; pending ones are sent when it stops.</summary>
/// <param name="settings">Settings with <see cref="TelemetrySettings.Otlp"/>.</param>
/// <param name="identity">The process that they describe.</param>
/// <param name="report">Called with a message if the collector cannot be reached.</param>
internal sealed class OtlpExport(TelemetrySettings settings, TelemetryIdentity identity, Action<string> report)
    : IHostedService,
        IDisposable
{
    /// <summary>A group is a trace with tens of spans, so the default queue of 2048 would drop some.</summary>
    private const int MaxQueuedSpans = 1 << 16;
    private const int SpansPerExport = 2048;
    private const int DelayMilliseconds = 2_000;
    private ExportProblems? _problems;
    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        OtlpSettings otlp = settings.Otlp!;
        _problems = new ExportProblems(report);
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(identity.Resource())
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.TraceShare)))
            .AddSource(Spans.SourceName)
            .AddOtlpExporter(options =>
            {
                Configure(options, otlp, "v1/traces");
                options.BatchExportProcessorOptions = new BatchExportProcessorOptions<System.Diagnostics.Activity>
                {
                    MaxQueueSize = MaxQueuedSpans,
                    MaxExportBatchSize = SpansPerExport,
                    ScheduledDelayMilliseconds = DelayMilliseconds,
                };
            })
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(identity.Resource())
            .AddMeter(MeterSink.MeterName)
            .AddOtlpExporter(
                (options, reader) =>
                {
                    Configure(options, otlp, "v1/metrics");
                    int interval = (int)otlp.Interval.TotalMilliseconds;
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = interval;
                }
            )
            .Build();
        return Task.CompletedTask;
    }

    /// <summary>Each provider waits a few seconds for its last export.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(Dispose, CancellationToken.None);

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
        _problems?.Dispose();
    }

    private static void Configure(OtlpExporterOptions options, OtlpSettings otlp, string path)
    {
        options.Protocol = otlp.UsesGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = otlp.UsesGrpc ? otlp.Endpoint : new Uri(otlp.Endpoint.ToString().TrimEnd('/') + "/" + path);
    }
}
