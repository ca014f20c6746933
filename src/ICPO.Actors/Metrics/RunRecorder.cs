using System.Collections.Immutable;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Metrics.Sinks;
using ICPO.Actors.Nodes;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Metrics;

/// <summary>Passes a run's updates and evaluations to every sink. Disposing it disposes the sinks.</summary>
public sealed class RunRecorder(ImmutableArray<IMetricSink> sinks) : IDisposable
{
    /// <summary>Opens every sink of <see cref="MetricSinks"/>.</summary>
    public RunRecorder(MetricSinkContext context)
        : this([.. MetricSinks.All.Select(create => create(context))]) { }

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

    public void Fault(WorkerFault fault)
    {
        foreach (IMetricSink sink in sinks)
        {
            sink.Fault(fault);
        }
    }

    public void Nodes(NodesReported reported)
    {
        foreach (IMetricSink sink in sinks)
        {
            sink.Nodes(reported);
        }
    }

    public void LeasedAgain(int rollouts)
    {
        foreach (IMetricSink sink in sinks)
        {
            sink.LeasedAgain(rollouts);
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
