using System.Diagnostics.Metrics;
using ICPO.Actors.Metrics.Sinks;

namespace ICPO.Actors.Engines.Remote;

/// <summary>The instrument of inference servers in the meter of <see cref="MeterSink"/>.</summary>
/// <param name="run">Value of the tag <c>icpo.run</c>, the run's id.</param>
/// <param name="server">Value of the tag <c>icpo.server</c>.</param>
internal sealed class ServerMeter(string run, Uri server)
{
    private static readonly Meter Meter = new(MeterSink.MeterName, typeof(ServerMeter).Assembly.GetName().Version?.ToString(3));

    private static readonly Gauge<double> Mismatch = Meter.CreateGauge<double>(
        "icpo.server.mismatch",
        "nat",
        "Mean difference between a server's log-probabilities and those of the same weights in this process"
    );

    /// <summary>Records the result of a check.</summary>
    public void Checked(double mismatch) => Mismatch.Record(mismatch, new("icpo.run", run), new("icpo.server", server.ToString()));
}
