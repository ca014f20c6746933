using System.Collections.Immutable;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Metrics.Sinks;
using ICPO.Actors.RunEvents;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Metrics;

/// <summary>Passes a run's updates and evaluations to every sink. Disposing it disposes the sinks.</summary>
public sealed class RunRecorder(ImmutableArray<IMetricSink> sinks) : IDisposable
{
    /// <summary>Opens every sink of <see cref="MetricSinks"/>.</summary>
    public RunRecorder(RunDirectory directory, MetricsSettings settings, TimeProvider time)
        : this([.. MetricSinks.All.Select(create => create(new MetricSinkContext(directory, settings, time)))]) { }

    public void Update(UpdateRecord update)
    {
        foreach (IMetricSink sink in sinks)
        {
            sink.Update(update);
        }
    }

    public void Evaluation(EvaluationRecord evaluation)
    {
        foreach (IMetricSink sink in sinks)
        {
            sink.Evaluation(evaluation);
        }
    }

    public void Rejected(RolloutsRejected rejected)
    {
        foreach (IMetricSink sink in sinks)
        {
            sink.Rejected(rejected);
        }
    }

    public void Dispose()
    {
        foreach (IMetricSink sink in sinks)
        {
            sink.Dispose();
        }
    }
}
