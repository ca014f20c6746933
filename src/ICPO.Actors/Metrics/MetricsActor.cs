using System.Collections.Immutable;
using Akka.Actor;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Progress;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Metrics;

/// <summary>Listens to the run's events; writes the metrics and tells progress. Nothing waits for it.</summary>
public sealed class MetricsActor : ReceiveActor
{
    private readonly RunRecorder _recorder;
    private readonly ProgressHub _hub;
    private readonly RunClock _clock;
    private readonly long _updates;
    private readonly Throughput _generated;
    private readonly Throughput _trained;
    private Ledger _ledger;
    private RunProgress _last;
    private (TimeSpan Elapsed, long Update)? _trainingSince;

    /// <summary>Asks where every rollout stands; answered with <see cref="Account"/>.</summary>
    public sealed record ReportAccount : INoSerializationVerificationNeeded
    {
        public static ReportAccount Instance { get; } = new();
    }

    /// <summary>The ledger of the run, over all its starts.</summary>
    public sealed record Account(Ledger Ledger) : INoSerializationVerificationNeeded;

    public MetricsActor(RunRecorder recorder, ProgressHub hub, RunClock clock, BufferRecovered state, long updates)
    {
        _ledger = state.Ledger;
        long committed = state.Committed.Value;
        (_recorder, _hub, _clock, _updates) = (recorder, hub, clock, updates);
        (_generated, _trained) = (new Throughput(clock), new Throughput(clock));
        _last = new RunProgress
        {
            Phase = RunPhase.Starting,
            Update = committed,
            Updates = updates,
            Elapsed = clock.Elapsed,
        };

        Receive<RolloutGenerated>(rollout =>
        {
            _ledger = _ledger.RolloutGenerated(rollout.Rollout, rollout.Tokens);
            if (rollout.Sampled)
            {
                _generated.Add(rollout.Tokens);
            }
        });
        Receive<RolloutDropped>(
            // Its group decides about a rollout that failed, so the ledger only counts its end here.
            dropped => dropped.Rollout.Reason == DropReason.GenerationFailed,
            dropped => _ledger = _ledger.RolloutFailed(dropped.Rollout.Id)
        );
        Receive<RolloutDropped>(dropped => _ledger = _ledger.RolloutDropped(dropped.Rollout));
        Receive<GroupAdmittedEvent>(admitted =>
            _ledger = _ledger.GroupAdmitted(admitted.Group, JournalLedger.Tally(admitted), admitted.Dropped)
        );
        Receive<GroupRejectedEvent>(rejected => _ledger = _ledger.GroupRejected(rejected.Group, rejected.Reason, rejected.Dropped));
        Receive<GroupExpired>(expired => _ledger = _ledger.GroupExpired(expired.Group));
        Receive<UpdateReported>(Updated);
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
        Receive<RunNote>(note => Tell(_last with { Message = note.Text }));
        Receive<ReportAccount>(_ => Sender.Tell(new Account(_ledger)));
    }

    public static Props Props(RunRecorder recorder, ProgressHub hub, RunClock clock, BufferRecovered state, long updates) =>
        Akka.Actor.Props.Create(() => new MetricsActor(recorder, hub, clock, state, updates));

    /// <summary>Lets the actor hear the run's events. Done by the one who starts it, so that nothing said after that is missed.</summary>
    public static void Subscribe(ActorSystem system, IActorRef metrics)
    {
        foreach (
            Type type in (Type[])
                [
                    typeof(RolloutGenerated),
                    typeof(RolloutDropped),
                    typeof(GroupAdmittedEvent),
                    typeof(GroupRejectedEvent),
                    typeof(GroupExpired),
                    typeof(UpdateReported),
                    typeof(VersionEvaluated),
                    typeof(PhaseEntered),
                    typeof(RunNote),
                ]
        )
        {
            system.EventStream.Subscribe(metrics, type);
        }
    }

    private void Updated(UpdateReported made)
    {
        _ledger = _ledger.UpdateConsumed(made.Batch.Groups.Select(scored => scored.Group));
        _trained.Add(made.Report.TokensTrained);
        double generatedRate = _generated.Take();
        double trainedRate = _trained.Take();
        ImmutableSortedDictionary<string, double> metrics = UpdateStatistics
            .Compute(made.Batch)
            .SetItems(made.Report.Metrics)
            .Add("tokens/generated-per-second", generatedRate)
            .Add("tokens/trained-per-second", trainedRate)
            .Add("tokens/trained", made.Report.TokensTrained);
        TimeSpan elapsed = _clock.Elapsed;
        _recorder.Update(made.Report.Version, elapsed.TotalSeconds, metrics);
        _recorder.Samples(made.Report.Version, made.Batch);

        long update = made.Report.Version.Value;
        (TimeSpan since, long first) = _trainingSince ?? (TimeSpan.Zero, 0);
        Tell(
            _last with
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
            }
        );
    }

    private void Tell(RunProgress progress)
    {
        _last = progress with { Elapsed = _clock.Elapsed };
        _hub.Publish(_last);
    }
}
