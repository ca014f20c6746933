using System.Collections.Immutable;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Restoring;

namespace ICPO.Actors.Metrics.Sinks;

/// <summary>The parameters of a sink.</summary>
/// <param name="Directory">The directory of the run.</param>
/// <param name="Settings">How much text is written.</param>
/// <param name="Time">The clock of time stamps.</param>
/// <param name="RunId">Distinguishes the run from others of this process; empty is the name of its directory.</param>
public sealed record MetricSinkContext(RunDirectory Directory, MetricsSettings Settings, TimeProvider Time, string RunId = "")
{
    /// <summary>Also receives the lines of <c>metrics.jsonl</c> and <c>nodes.json</c>; null for none.</summary>
    public Action<RunLine>? Mirror { get; init; }
}

/// <summary>The sinks of a run.</summary>
public static class MetricSinks
{
    public static ImmutableArray<Func<MetricSinkContext, IMetricSink>> All { get; } =
    [
        context => new JsonLinesSink(context.Directory.Metrics, context.Mirror),
        context => new TensorBoardSink(context.Directory.TensorBoard, context.Time),
        context => new MeterSink(context.RunId.Length > 0 ? context.RunId : Path.GetFileName(context.Directory.Path)),
        context => new SampleSink(context.Directory.Samples, context.Settings.SamplesPerUpdate),
        context => new RejectedSink(context.Directory.Rejected, context.Settings.RejectedPerUpdate),
        context => new NodesSink(context.Directory, context.Time, context.Mirror),
    ];
}
