using System.Collections.Immutable;
using Akka.Actor;
using ICPO.Actors.Contracts;

namespace ICPO.Actors;

/// <summary>Listens to the run's events; writes the metrics and tells progress. Nothing waits for it.</summary>
public sealed class MetricsActor : ReceiveActor
{
    private readonly RunRecorder _recorder;
    private readonly ProgressHub _hub;
    private readonly RunClock _clock;
    private readonly long _updates;
    private readonly Throughput _generated;
    private readonly Throughput _trained;
    private readonly GenerationCount _count = new();
    private RunProgress _last;
    private (TimeSpan Elapsed, long Update)? _trainingSince;

    /// <summary>Asks for what was generated since this start; answered with a <see cref="GenerationCount"/>.</summary>
    public sealed record ReportGenerated : INoSerializationVerificationNeeded
    {
        public static ReportGenerated Instance { get; } = new();
    }

    public MetricsActor(RunRecorder recorder, ProgressHub hub, RunClock clock, long committed, long updates)
    {
        (_recorder, _hub, _clock, _updates) = (recorder, hub, clock, updates);
        (_generated, _trained) = (new Throughput(clock), new Throughput(clock));
        _last = new RunProgress { Phase = RunPhase.Starting, Update = committed, Updates = updates, Elapsed = clock.Elapsed };

        Receive<RolloutGenerated>(rollout =>
        {
            _count.Generated(rollout);
            if (rollout.Sampled)
            {
                _generated.Add(rollout.Tokens);
            }
        });
        Receive<RolloutRepeated>(_count.Repeated);
        Receive<UpdateMade>(Updated);
        Receive<VersionEvaluated>(evaluated =>
        {
            _recorder.Evaluation(evaluated, _clock.Elapsed.TotalSeconds);
            Tell(_last with { Accuracy = evaluated.Report.Accuracy().Overall.Value, AccuracyAt = evaluated.Version.Value });
        });
        Receive<PhaseEntered>(entered =>
        {
            if (entered.Phase == RunPhase.Training)
            {
                _trainingSince ??= (_clock.Elapsed, _last.Update);
                _generated.Restart();
                _trained.Restart();
            }

            Tell(_last with { Phase = entered.Phase, Message = entered.Message });
        });
        Receive<ReportGenerated>(_ => Sender.Tell(_count));
    }

    public static Props Props(RunRecorder recorder, ProgressHub hub, RunClock clock, long committed, long updates) =>
        Akka.Actor.Props.Create(() => new MetricsActor(recorder, hub, clock, committed, updates));

    protected override void PreStart()
    {
        foreach (Type type in new[] { typeof(RolloutGenerated), typeof(RolloutRepeated), typeof(UpdateMade), typeof(VersionEvaluated), typeof(PhaseEntered) })
        {
            Context.System.EventStream.Subscribe(Self, type);
        }
    }

    private void Updated(UpdateMade made)
    {
        _trained.Add(made.Report.TokensTrained);
        double generatedRate = _generated.Take();
        double trainedRate = _trained.Take();
        ImmutableSortedDictionary<string, double> metrics = UpdateStatistics.Of(made.Batch)
            .SetItems(made.Report.Metrics)
            .Add("tokens/generated-per-second", generatedRate)
            .Add("tokens/trained-per-second", trainedRate)
            .Add("tokens/trained", made.Report.TokensTrained)
            .Add("seconds/update", made.Duration.TotalSeconds);
        TimeSpan elapsed = _clock.Elapsed;
        _recorder.Update(made.Report.Version, elapsed.TotalSeconds, metrics);
        _recorder.Samples(made.Report.Version, made.Batch);

        long update = made.Report.Version.Value;
        (TimeSpan since, long first) = _trainingSince ?? (TimeSpan.Zero, 0);
        Tell(_last with
        {
            Phase = _last.Phase == RunPhase.Starting ? RunPhase.Training : _last.Phase,
            Update = update,
            Reward = metrics.TryGetValue("reward/policy", out double reward) ? reward : null,
            GeneratedTokensPerSecond = generatedRate,
            TrainedTokensPerSecond = trainedRate,
            StalenessMean = metrics["staleness/mean"],
            StalenessMax = (long)metrics["staleness/max"],
            ExpertAccepted = metrics.TryGetValue("expert/accepted-share", out double accepted) ? accepted : null,
            Remaining = update > first ? (elapsed - since) / (update - first) * (_updates - update) : null,
            Message = null,
        });
    }

    private void Tell(RunProgress progress)
    {
        _last = progress with { Elapsed = _clock.Elapsed };
        _hub.Publish(_last);
    }
}
