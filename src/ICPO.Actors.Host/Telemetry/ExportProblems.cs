using System.Diagnostics.Tracing;
using System.Globalization;

namespace ICPO.Actors.Host.Telemetry;

/// <summary>Reports problems of the export of traces and metrics: each kind once, since exports repeat.</summary>
internal sealed class ExportProblems(Action<string> report) : EventListener
{
    private const string Prefix = "OpenTelemetry";
    private readonly HashSet<(string, int)> _reported = [];

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name.StartsWith(Prefix, StringComparison.Ordinal))
        {
            EnableEvents(eventSource, EventLevel.Warning);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        lock (_reported)
        {
            if (!_reported.Add((eventData.EventSource.Name, eventData.EventId)))
            {
                return;
            }
        }

        string message = string.Format(CultureInfo.InvariantCulture, eventData.Message ?? "", [.. eventData.Payload ?? []]);
        report($"telemetry: {message.Split('\n')[0].Trim()}");
    }
}
