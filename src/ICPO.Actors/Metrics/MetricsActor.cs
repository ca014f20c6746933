using System.Collections.Immutable;
using Akka.Actor;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Algorithm.Health;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Buffering;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Metrics.Sinks;
using ICPO.Actors.Nodes;
using ICPO.Actors.Progress;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Metrics;

/// <summary>Folds the run's events into the ledger, the recorded metrics and the published progress. No other actor waits for it.</summary>
public sealed class MetricsActor : ReceiveActor
{
    private readonly RunRecorder _recorder;
    private readonly ProgressHub _hub;
    private readonly RunClock _clock;
    private readonly ProgressTracker _progress;
    private readonly Throughput _generated;
    private readonly Throughput _trained;
    private readonly HealthWatch _health;
    private readonly BusyShares _busy = new();
    private readonly StalenessParts _staleness = new();
    private readonly ExpiredGroups _expired;
    private PolicyVersion _committed;
    private readonly LengthDistributions _lengths = new();
    private readonly FirstUpdates _first;
    private Ledger _ledger;

    /// <summary>Asks for the ledger; answered with <see cref="Account"/>.</summary>
    public sealed record ReportAccount : INoSerializationVerificationNeeded
    {
        public static ReportAccount Instance { get; } = new();
    }

    /// <summary>The ledger of the run, over all its starts.</summary>
    public sealed record Account(Ledger Ledger) : INoSerializationVerificationNeeded
    {
        /// <summary>The reports of the health rules in this start.</summary>
        public ImmutableArray<HealthFinding> Health { get; init; } = [];
    }

    public MetricsActor(RunRecorder recorder, ProgressHub hub, RunClock clock, BufferRecovered state, RunSettings settings)
    {
        (_recorder, _hub) = (recorder, hub);
        _health = new HealthWatch(settings.Health, settings.Group.GroupsPerUpdate, state.Committed.Value);
        (_clock, _ledger) = (clock, state.Ledger);
        _first = new FirstUpdates(state.TrainingAgain, settings.Selection.SamplesPerInsert);
        (_generated, _trained) = (new Throughput(clock), new Throughput(clock));
        _progress = new ProgressTracker(state.Committed.Value, settings.Updates);
        (_committed, _expired) = (state.Committed, new ExpiredGroups(settings.Admission));

        ReceiveLedgerEvents();
        Receive<UpdateReported>(Updated);
        Receive<VersionEvaluated>(evaluated =>
        {
            _recorder.Evaluation(new EvaluationRecord(evaluated.Version, _clock.Elapsed.TotalSeconds, evaluated.Report));
            double accuracy = evaluated.Report.Accuracy().Overall.Value;
            _hub.Publish(_progress.Evaluated(evaluated.Version, accuracy, _clock.Elapsed));
        });
        Receive<PhaseEntered>(entered =>
        {
            if (entered.Phase == RunPhase.Training)
            {
                _generated.Restart();
                _trained.Restart();
                _busy.Restart(_clock.Elapsed);
            }

            _hub.Publish(_progress.PhaseEntered(entered.Phase, entered.Message, _clock.Elapsed));
        });
        Receive<RolloutsRejected>(_recorder.Rejected);
        Receive<WorkerFault>(_recorder.Fault);
        Receive<NodesReported>(_recorder.Nodes);
        Receive<RolloutsLeasedAgain>(again =>
        {
            _recorder.LeasedAgain(again.Rollouts);
            _progress.LeasedAgain(again.Rollouts);
        });
        Receive<WorkersAtWork>(observed => _busy.Observe(observed, _clock.Elapsed));
        Receive<RunNote>(note => _hub.Publish(_progress.Noted(note.Text, _clock.Elapsed)));
        Receive<ReportAccount>(_ => Sender.Tell(new Account(_ledger) { Health = _health.Findings }));
    }

    private void ReceiveLedgerEvents()
    {
        Receive<RolloutGenerated>(rollout =>
        {
            _ledger = _ledger.RolloutGenerated(rollout.Rollout, rollout.Tokens);
            if (rollout.Sampled)
            {
                _generated.Add(rollout.Tokens);
                _lengths.AddGenerated(rollout.Tokens);
            }
        });
        Receive<RolloutDropped>(
            // The group's decision drops a rollout that failed, so the ledger only counts its end here.
            dropped => dropped.Rollout.Reason == DropReason.GenerationFailed,
            dropped => _ledger = _ledger.RolloutFailed(dropped.Rollout.Id)
        );
        Receive<RolloutDropped>(dropped => _ledger = _ledger.RolloutDropped(dropped.Rollout));
        Receive<GroupAdmittedEvent>(admitted =>
        {
            _ledger = _ledger.GroupAdmitted(admitted.Group, JournalLedger.Tally(admitted), admitted.Dropped);
            _health.Admitted(admitted);
            _staleness.Admitted(admitted, _committed);
        });
        Receive<GroupRejectedEvent>(rejected =>
        {
            _ledger = _ledger.GroupRejected(rejected.Group, rejected.Reason, rejected.Dropped);
            Report(_health.Rejected(rejected));
        });
        Receive<GroupExpired>(expired =>
        {
            _ledger = _ledger.GroupExpired(expired.Group, expired.Reason);
            _expired.Add(expired.Reason);
            _staleness.Forget(expired.Group.Id);
        });
    }

    private void Updated(UpdateReported update)
    {
        _ledger = _ledger.UpdateConsumed([.. update.Batch.Groups.Select(scored => scored.Group).Where(group => _first.Take(group.Id))]);
        _lengths.AddTrained(update.Batch.Batch.Sequences.Select(sequence => sequence.Response.Length));
        _trained.Add(update.Report.TokensTrained);
        _committed = update.Report.Version;
        TimeSpan elapsed = _clock.Elapsed;
        ImmutableSortedDictionary<string, double> metrics = UpdateStatistics
            .Compute(update.Batch, update.Report)
            .Add("tokens/generated_per_second", _generated.Take())
            .Add("tokens/trained_per_second", _trained.Take())
            .Add("completions/length_ks", _lengths.Distance)
            .SetItems(Timeline(update, elapsed))
            .SetItems(_expired.Take());
        _recorder.Update(new UpdateRecord(update.Report.Version, elapsed.TotalSeconds, metrics, update.Batch));
        ImmutableArray<HealthFinding> found = _health.Updated(update.Report.Version.Value, update.Batch.Groups.Length, metrics);
        _hub.Publish(_progress.Updated(update.Report.Version, metrics, _health.Active, elapsed));
        Report(found);
    }

    /// <summary>Where time and staleness arise.</summary>
    private IEnumerable<KeyValuePair<string, double>> Timeline(UpdateReported update, TimeSpan elapsed)
    {
        foreach ((string kind, double share) in _busy.Take(elapsed))
        {
            yield return new($"busy/{kind}", share);
        }

        if (_staleness.Take(update.Batch.Groups.Select(scored => scored.Group), update.Batch.Batch.From) is var (flight, queue))
        {
            yield return new("staleness/in_flight", flight);
            yield return new("staleness/in_queue", queue);
        }
    }

    private void Report(ImmutableArray<HealthFinding> found)
    {
        foreach (HealthFinding finding in found)
        {
            Context.Parent.Tell(new HealthReported(finding));
            _hub.Publish(_progress.HealthReported(_health.Active, finding, _clock.Elapsed));
        }
    }

    public static Props Props(RunRecorder recorder, ProgressHub hub, RunClock clock, BufferRecovered state, RunSettings settings) =>
        Akka.Actor.Props.Create(() => new MetricsActor(recorder, hub, clock, state, settings));

    /// <summary>The events that it receives.</summary>
    public static ImmutableArray<Type> Subscriptions { get; } =
    [
        typeof(RolloutGenerated),
        typeof(RolloutDropped),
        typeof(GroupAdmittedEvent),
        typeof(GroupRejectedEvent),
        typeof(GroupExpired),
        typeof(RolloutsRejected),
        typeof(WorkerFault),
        typeof(NodesReported),
        typeof(RolloutsLeasedAgain),
        typeof(UpdateReported),
        typeof(VersionEvaluated),
        typeof(PhaseEntered),
        typeof(WorkersAtWork),
        typeof(RunNote),
    ];
}
