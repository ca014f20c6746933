using ICPO.Actors.Cluster.Hosting;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Host.Telemetry;

/// <summary>Health checks of a node that joins a run, from its start, and export of traces and metrics once it knows the run.</summary>
internal sealed class NodeTelemetry : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);
    private readonly RunSettings _settings;
    private readonly Action<string> _report;
    private MonitoringServer? _server;
    private OtlpExport? _export;
    private volatile ClusterNode? _node;

    private NodeTelemetry(RunSettings settings, Action<string> report) => (_settings, _report) = (settings, report);

    /// <exception cref="IOException">The server cannot listen on the address; names it.</exception>
    public static async Task<NodeTelemetry> StartAsync(RunSettings settings, Action<string> report, CancellationToken cancellationToken)
    {
        var telemetry = new NodeTelemetry(settings, report);
        if (settings.Telemetry.Listen is { } address)
        {
            telemetry._server = new MonitoringServer(
                address,
                TelemetryIdentity.Create(settings, run: ""),
                () => telemetry._node?.State.IsReady ?? false,
                report
            );
            await telemetry._server.StartAsync(cancellationToken).ConfigureAwait(false);
        }

        return telemetry;
    }

    /// <summary>Reports on a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="joined">Called with the run's id when the node knows it.</param>
    public async Task FollowAsync(ClusterNode node, Action<string> joined)
    {
        _node = node;
        if (await Task.WhenAny(node.State.Run, node.Completion).ConfigureAwait(false) != node.State.Run)
        {
            return;
        }

        string run = await node.State.Run.ConfigureAwait(false);
        joined(run);
        if (_settings.Telemetry.Otlp is not null)
        {
            TelemetryIdentity identity = TelemetryIdentity.Create(_settings, run) with { Node = node.Name };
            _export = new OtlpExport(_settings.Telemetry, identity, _report);
            await _export.StartAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(StopTimeout);
        if (_server is { } server)
        {
            await server.StopAsync(deadline.Token).ConfigureAwait(false);
        }

        if (_export is { } export)
        {
            await export.StopAsync(deadline.Token).ConfigureAwait(false);
        }
    }
}
