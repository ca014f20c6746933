using System.Diagnostics.Metrics;
using ICPO.Actors.Metrics.Sinks;

namespace ICPO.Actors.Cluster.Telemetry;

/// <summary>
/// The instruments of a node in the meter of <see cref="MeterSink"/>: what it samples, and with which weights. Every instrument has the
/// tags <c>icpo.run</c> and <c>icpo.node</c>.
/// </summary>
internal sealed class NodeMeter(string run, string node)
{
    private static readonly Meter Meter = new(MeterSink.MeterName, typeof(NodeMeter).Assembly.GetName().Version?.ToString(3));

    private static readonly Counter<long> Rollouts = Meter.CreateCounter<long>(
        "icpo.node.rollouts",
        "{rollout}",
        "Rollouts that the node has sampled"
    );

    private static readonly Counter<long> Tokens = Meter.CreateCounter<long>(
        "icpo.node.tokens",
        "{token}",
        "Tokens that the node has sampled"
    );

    private static readonly Gauge<long> Version = Meter.CreateGauge<long>(
        "icpo.node.weights.version",
        "{update}",
        "Version of the weights that the node has loaded"
    );

    private readonly KeyValuePair<string, object?> _run = new("icpo.run", run);
    private readonly KeyValuePair<string, object?> _node = new("icpo.node", node);

    public void Sampled(int tokens)
    {
        Rollouts.Add(1, _run, _node);
        Tokens.Add(tokens, _run, _node);
    }

    public void Loaded(long version) => Version.Record(version, _run, _node);
}
