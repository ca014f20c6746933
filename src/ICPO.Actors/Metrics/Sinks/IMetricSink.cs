using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Nodes;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Metrics.Sinks;

/// <summary>
/// Where a run's metrics are written. Called by one thread at a time. A new sink is a class in this folder and a line in
/// <see cref="MetricSinks"/>.
/// </summary>
public interface IMetricSink : IDisposable
{
    /// <summary>An update was committed.</summary>
    void Update(UpdateRecord update);

    /// <summary>Rollouts of a group do not train. By default nothing is written.</summary>
    void Rejected(RolloutsRejected rejected) { }

    /// <summary>A version was evaluated. By default nothing is written.</summary>
    void Evaluation(EvaluationRecord evaluation) { }

    /// <summary>A worker has failed and is started again. By default nothing is written.</summary>
    void Fault(WorkerFault fault) { }

    /// <summary>The nodes of the run have changed, or have new weights. By default nothing is written.</summary>
    void Nodes(NodesReported reported) { }

    /// <summary>Rollouts are leased once more. By default nothing is written.</summary>
    void LeasedAgain(int rollouts) { }
}

/// <summary>The record of an update.</summary>
/// <param name="Version">The version that the update made.</param>
/// <param name="Seconds">Wall time of the run so far, over all its starts.</param>
/// <param name="Metrics">By the names of docs/metrics.md; a value may be NaN or infinite.</param>
/// <param name="Batch">The groups it trained on.</param>
public sealed record UpdateRecord(PolicyVersion Version, double Seconds, IReadOnlyDictionary<string, double> Metrics, AssembledBatch Batch);

/// <summary>The record of an evaluation.</summary>
/// <param name="Version">The version that was evaluated.</param>
/// <param name="Seconds">Wall time of the run so far, over all its starts.</param>
/// <param name="Report">Question by question.</param>
public sealed record EvaluationRecord(PolicyVersion Version, double Seconds, EvaluationReport Report);
