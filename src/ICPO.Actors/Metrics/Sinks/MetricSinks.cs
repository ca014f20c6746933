using System.Collections.Immutable;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Metrics.Sinks;

/// <summary>What a sink is created from.</summary>
/// <param name="Directory">Of the run.</param>
/// <param name="SamplesPerUpdate">Groups of each update whose rollouts are written out as text.</param>
/// <param name="Time">The clock of time stamps.</param>
public sealed record MetricSinkContext(RunDirectory Directory, int SamplesPerUpdate, TimeProvider Time);

/// <summary>The sinks of a run.</summary>
public static class MetricSinks
{
    public static ImmutableArray<Func<MetricSinkContext, IMetricSink>> All { get; } =
    [
        context => new JsonLinesSink(context.Directory.Metrics),
        context => new TensorBoardSink(context.Directory.TensorBoard, context.Time),
        context => new SampleSink(context.Directory.Samples, context.SamplesPerUpdate),
    ];
}
