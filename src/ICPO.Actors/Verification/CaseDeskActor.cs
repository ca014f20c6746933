using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Verification;
using ICPO.Actors.Leasing;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Verification;

/// <summary>
/// Gives cases to verifiers that ask for them, as the dispatcher gives leases to engines. Every case ends in one verdict: one that no
/// verifier answers is <see cref="Contracts.Rollouts.Verdict.Crashed"/>, which is never a reward.
/// </summary>
public sealed partial class CaseDeskActor : ReceiveActor, IWithTimers
{
    private const int Kind = 0;
    private readonly CaseDeskSettings _settings;
    private readonly LeaseBook<IActorRef, RolloutId> _leases;
    private readonly Dictionary<RolloutId, Case> _cases = [];
    private readonly FaultWatch _verifiers;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly LoadReports _load = new();
    private IActorRef? _idleRequester;

    private sealed record Case(Judge Request, IActorRef ReplyTo);

    public CaseDeskActor(CaseDeskSettings settings, TimeProvider time)
    {
        (_settings, _time, _start) = (settings, time, time.GetTimestamp());
        _leases = new LeaseBook<IActorRef, RolloutId>(settings.LeaseRules);
        _verifiers = new FaultWatch("verifier", settings.FaultTimeout);
        Receive<Judge>(request =>
        {
            if (_cases.TryAdd(request.Rollout, new Case(request, Sender)))
            {
                _leases.Add(request.Rollout, Kind, [0]);
                GiveCases();
            }
        });
        Receive<CaseDemand>(demand =>
        {
            Context.Watch(Sender);
            _verifiers.Seen(demand.Worker);
            var state = new WorkerState<RolloutId>(
                demand.Worker,
                demand.Sequence,
                demand.Free,
                [Kind],
                [.. demand.Held.Select(held => new Grant<RolloutId>(held.Rollout, held.Attempt))]
            );
            CarryOut(_leases.Demand(Sender, state, Elapsed));
            GiveCases();
        });
        Receive<CaseJudged>(judged =>
        {
            Sender.Tell(new CaseAck(judged.Id));
            _verifiers.Worked();
            _leases.Alive(Sender, Elapsed);
            CarryOut(_leases.Arrived(new Grant<RolloutId>(judged.Id.Rollout, judged.Id.Attempt), 0, Elapsed));
            End(judged.Id.Rollout, judged.Judgment.Checked());
            GiveCases();
        });
        Receive<WorkerFault>(fault =>
        {
            _verifiers.Failed(fault.Worker, fault.Reason, Elapsed);
            ThrowIfNoVerifierCanWork();
        });
        Receive<Terminated>(verifier =>
        {
            _verifiers.Gone(_leases.NameOf(verifier.ActorRef));
            CarryOut(_leases.Forget(verifier.ActorRef, "its verifier terminated", Elapsed));
            GiveCases();
        });
        Receive<Tick>(_ =>
        {
            CarryOut(_leases.Expire($"its verifier returned no verdict within {settings.LeaseRules.Timeout}", Elapsed));
            GiveCases();
            ReportLoad(force: true);
            if (_cases.Count == 0)
            {
                _verifiers.Pause(Elapsed);
            }

            ThrowIfNoVerifierCanWork();
        });
        Receive<ReportIdle>(_ =>
        {
            _idleRequester = Sender;
            ReportIfIdle();
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, _settings.TickInterval);

    private TimeSpan Elapsed => _time.GetElapsedTime(_start);

    private void ThrowIfNoVerifierCanWork()
    {
        if (_verifiers.Problem(Elapsed, _leases.AnyAtWork) is { } problem)
        {
            throw new InvalidOperationException(problem);
        }
    }

    private void GiveCases()
    {
        foreach (Assignment<IActorRef, RolloutId> assignment in _leases.Match(Elapsed))
        {
            Send(assignment);
        }

        ReportLoad(force: false);
    }

    private void ReportLoad(bool force)
    {
        if (_load.Next(() => _leases.Load, Elapsed, force) is var (atWork, all))
        {
            _settings.Events?.Publish(new WorkersAtWork(WorkersAtWork.Verifiers, atWork, all));
        }
    }

    private void Send(Assignment<IActorRef, RolloutId> assignment)
    {
        Judge request = _cases[assignment.Key].Request;
        var id = new CaseId(request.Rollout, assignment.Attempt);
        assignment.Worker.Tell(
            new VerifyCase(id, _settings.Epoch, request.Question, request.Text, request.Finish) { Trace = request.Trace }
        );
    }

    private void CarryOut(LeaseOutcome<IActorRef, RolloutId> outcome)
    {
        foreach (Assignment<IActorRef, RolloutId> repeated in outcome.Repeated)
        {
            Send(repeated);
        }

        foreach (Cancellation<IActorRef, RolloutId> cancelled in outcome.Cancelled)
        {
            // A verdict that is not awaited is harmless: the verifier drops it when it is acknowledged.
            cancelled.Worker.Tell(new CaseAck(new CaseId(cancelled.Key, cancelled.Attempt)));
        }

        foreach (GivenUp<RolloutId> givenUp in outcome.GivenUp)
        {
            End(givenUp.Key, Judgment.Crashed(givenUp.Reason));
        }
    }

    private void End(RolloutId rollout, Judgment judgment)
    {
        if (!_cases.Remove(rollout, out Case? ended))
        {
            return;
        }

        if (judgment.IsFault)
        {
            _log.Warning("The verifier failed on {0} ({1}): {2}", rollout, judgment.Verdict, judgment.Detail);
        }

        ended.ReplyTo.Tell(new Verdict(rollout, judgment));
        ReportIfIdle();
    }

    private void ReportIfIdle()
    {
        if (_cases.Count == 0 && _idleRequester is not null)
        {
            _idleRequester.Tell(Idle.Instance);
            _idleRequester = null;
        }
    }

    public static Props Props(CaseDeskSettings settings, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new CaseDeskActor(settings, time));
}
