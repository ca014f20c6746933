using System.Diagnostics.Metrics;
using ICPO.Actors.Contracts.Nodes;

namespace ICPO.Actors.Metrics.Sinks;

/// <summary>
/// Measures with System.Diagnostics.Metrics, meter <c>ICPO.Actors</c>, so that a host app can export a run with OpenTelemetry or watch it
/// with dotnet-counters. Every instrument has the tag <c>icpo.run</c>, the run's id.
/// </summary>
public sealed class MeterSink : IMetricSink
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "ICPO.Actors";

    private static readonly Meter Meter = new(MeterName, typeof(MeterSink).Assembly.GetName().Version?.ToString(3));

    private static readonly Counter<long> Updates = Meter.CreateCounter<long>("icpo.updates", "{update}", "Committed updates");

    private static readonly Counter<long> TrainedTokens = Meter.CreateCounter<long>("icpo.tokens.trained", "{token}", "Tokens trained on");

    private static readonly Counter<long> Faults = Meter.CreateCounter<long>(
        "icpo.worker.faults",
        "{fault}",
        "Faults of engines and verifiers, which are restarted"
    );

    private static readonly Counter<long> Again = Meter.CreateCounter<long>(
        "icpo.rollouts.leased_again",
        "{rollout}",
        "Rollouts that were leased once more because their worker failed, ended or was too slow, or the core was started again"
    );

    private static readonly Gauge<long> Version = Meter.CreateGauge<long>("icpo.update", "{update}", "The last committed update");

    private static readonly Gauge<double> Accuracy = Meter.CreateGauge<double>("icpo.accuracy", "1", "Accuracy of the last evaluation");

    /// <summary>By their names in docs/metrics.md.</summary>
    private static readonly (string Metric, Gauge<double> Gauge)[] Gauges =
    [
        Create("reward/mean", "icpo.reward.mean", "1"),
        Create("completions/mean_length", "icpo.completion.length", "{token}"),
        Create("staleness/mean", "icpo.staleness.mean", "{update}"),
        Create("staleness/in_flight", "icpo.staleness.in_flight", "{update}"),
        Create("staleness/in_queue", "icpo.staleness.in_queue", "{update}"),
        Create("busy/engines", "icpo.busy.engines", "1"),
        Create("busy/verifiers", "icpo.busy.verifiers", "1"),
        Create("frac_reward_zero_std", "icpo.groups.no_signal", "1"),
        Create("expert/acceptance_rate", "icpo.expert.acceptance_rate", "1"),
        Create("loss", "icpo.loss", "1"),
        Create("kl", "icpo.kl", "1"),
        Create("entropy", "icpo.entropy", "1"),
        Create("grad_norm", "icpo.gradient.norm", "1"),
        Create("lr", "icpo.learning_rate", "1"),
        Create("tokens/generated_per_second", "icpo.tokens.generation_rate", "{token}/s"),
        Create("tokens/trained_per_second", "icpo.tokens.training_rate", "{token}/s"),
    ];

    private readonly KeyValuePair<string, object?> _tag;

    /// <summary>Counters begin at 0: without that, Prometheus has no data until the first event and computes no increase for it.</summary>
    /// <param name="run">Value of the tag.</param>
    public MeterSink(string run)
    {
        _tag = new("icpo.run", run);
        foreach (Counter<long> counter in (Counter<long>[])[Updates, TrainedTokens, Faults, Again])
        {
            counter.Add(0, _tag);
        }
    }

    public void Update(UpdateRecord update)
    {
        ArgumentNullException.ThrowIfNull(update);
        Updates.Add(1, _tag);
        Version.Record(update.Version.Value, _tag);
        if (update.Metrics.TryGetValue("tokens/trained", out double tokens))
        {
            TrainedTokens.Add((long)tokens, _tag);
        }

        foreach ((string metric, Gauge<double> gauge) in Gauges)
        {
            if (update.Metrics.TryGetValue(metric, out double value) && double.IsFinite(value))
            {
                gauge.Record(value, _tag);
            }
        }
    }

    public void Evaluation(EvaluationRecord evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        Accuracy.Record(evaluation.Report.Accuracy().Overall.Value, _tag);
    }

    public void Fault(WorkerFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        Faults.Add(1, _tag, new("icpo.worker", fault.Worker));
    }

    public void LeasedAgain(int rollouts) => Again.Add(rollouts, _tag);

    public void Dispose() { }

    private static (string, Gauge<double>) Create(string metric, string name, string unit) =>
        (metric, Meter.CreateGauge<double>(name, unit, $"{metric} of the last update"));
}
