using Akka.Actor;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Contracts.Verification;
using ICPO.Actors.Leasing;
using ICPO.Actors.Tracing;

namespace ICPO.Actors.Verification;

/// <summary>
/// The verifier of a node: requests as many cases as it can judge concurrently, and keeps every verdict until it is acknowledged. A late
/// verdict is <see cref="Verdict.TimedOut"/>, an exception is <see cref="Verdict.Crashed"/>: neither is ever a reward.
/// </summary>
public sealed class VerifierActor : ReceiveActor, IWithTimers
{
    private readonly IVerifier _verifier;
    private readonly VerifierNodeSettings _settings;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly HashSet<CaseId> _held = [];
    private readonly Queue<VerifyCase> _waiting = new();
    private readonly Outbox<CaseId, CaseJudged> _verdicts;
    private readonly CancellationTokenSource _stopped = new();
    private IActorRef _core = ActorRefs.Nobody;
    private LearnerEpoch _epoch;
    private long _sequence;
    private bool _demandRequested;
    private bool _draining;
    private bool _works;
    private int _running;

    private sealed record Beat : INoSerializationVerificationNeeded
    {
        public static Beat Instance { get; } = new();
    }

    private sealed record SendDemand : INoSerializationVerificationNeeded
    {
        public static SendDemand Instance { get; } = new();
    }

    private sealed record Judged(CaseId Id, Judgment Judgment) : INoSerializationVerificationNeeded;

    public VerifierActor(IVerifier verifier, VerifierNodeSettings settings, TimeProvider time)
    {
        (_verifier, _settings, _time, _start) = (verifier, settings, time, time.GetTimestamp());
        _verdicts = new Outbox<CaseId, CaseJudged>(settings.Beat);
        Receive<NodeJoined>(joined =>
        {
            (_core, _epoch) = (joined.Core, joined.Epoch);
            RequestDemand();
        });
        Receive<VerifyCase>(one =>
        {
            if (one.Epoch == _epoch && !_verdicts.Contains(one.Id) && _held.Add(one.Id))
            {
                _waiting.Enqueue(one);
                Next();
            }
        });
        Receive<Judged>(judged =>
        {
            _running--;
            if (!_works)
            {
                _works = true;
                Context.Parent.Tell(new WorkerWorks(_settings.Name));
            }

            _held.Remove(judged.Id);
            var message = new CaseJudged(judged.Id, _epoch, judged.Judgment);
            _verdicts.Add(judged.Id, message, Elapsed);
            _core.Tell(message);
            Next();
            RequestDemand();
        });
        Receive<CaseAck>(ack =>
        {
            _verdicts.Acknowledge(ack.Id);
            ReportDrained();
        });
        Receive<Beat>(_ =>
        {
            foreach (CaseJudged verdict in _verdicts.Due(Elapsed))
            {
                _core.Tell(verdict with { Epoch = _epoch });
            }

            RequestDemand();
        });
        Receive<DrainWorker>(_ =>
        {
            _draining = true;
            RequestDemand();
            ReportDrained();
        });
        Receive<SendDemand>(_ => Demand());
        Receive<Refused>(refused => Context.Parent.Tell(refused));
        Receive<Status.Failure>(failure => throw new InvalidOperationException(failure.Cause.Message, failure.Cause));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Beat), Beat.Instance, _settings.Beat);

    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
    }

    private TimeSpan Elapsed => _time.GetElapsedTime(_start);

    private void Next()
    {
        while (_running < _settings.Parallel && _waiting.TryDequeue(out VerifyCase? one))
        {
            _running++;
            _ = JudgeAsync(one, _stopped.Token).PipeTo(Self);
        }
    }

    /// <summary>Sent to the end of the mailbox: everything in front of it shares one demand.</summary>
    private void RequestDemand()
    {
        if (!_demandRequested && !_core.IsNobody())
        {
            _demandRequested = true;
            Self.Tell(SendDemand.Instance);
        }
    }

    private void Demand()
    {
        _demandRequested = false;
        _core.Tell(
            new CaseDemand
            {
                Worker = _settings.Name,
                Epoch = _epoch,
                Sequence = ++_sequence,
                Free = _draining ? 0 : _settings.Parallel - _held.Count,
                Held = [.. _held, .. _verdicts.Keys],
            }
        );
    }

    private void ReportDrained()
    {
        if (_draining && _held.Count == 0 && _verdicts.Keys.Count == 0)
        {
            Context.Parent.Tell(WorkerDrained.Instance);
        }
    }

    private async Task<Judged> JudgeAsync(VerifyCase one, CancellationToken cancellationToken) =>
        new(
            one.Id,
            await WorkerSpans
                .VerifiedAsync(one.Trace, one.Id.Rollout.Sibling, () =>
                    _verifier.JudgeAsync(one.Question, one.Text, one.Finish, _settings.Timeout, cancellationToken)
                )
                .ConfigureAwait(false)
        );

    public static Props Props(IVerifier verifier, VerifierNodeSettings settings, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new VerifierActor(verifier, settings, time));
}
