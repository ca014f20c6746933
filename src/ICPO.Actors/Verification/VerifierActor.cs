using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Verification;

/// <summary>
/// Judges rollouts, several at once. A late verdict is <see cref="Verdict.TimedOut"/>, an exception is <see cref="Verdict.Crashed"/>:
/// neither is ever a reward.
/// </summary>
public sealed class VerifierActor : ReceiveActor
{
    private readonly IVerifier _verifier;
    private readonly TimeSpan _timeout;
    private readonly int _parallel;
    private readonly IActorRef _filter;
    private readonly Queue<RolloutCompleted> _waiting = new();
    private readonly CancellationTokenSource _stopped = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private int _running;
    private IActorRef? _idleRequester;

    /// <summary>Answered with <see cref="Idle"/> once no rollout waits for a verdict.</summary>
    public sealed record ReportIdle : INoSerializationVerificationNeeded
    {
        public static ReportIdle Instance { get; } = new();
    }

    /// <summary>No rollout waits for a verdict.</summary>
    public sealed record Idle : INoSerializationVerificationNeeded
    {
        public static Idle Instance { get; } = new();
    }

    public VerifierActor(IVerifier verifier, TimeSpan timeout, int parallel, IActorRef filter)
    {
        (_verifier, _timeout, _parallel, _filter) = (verifier, timeout, parallel, filter);
        Receive<RolloutCompleted>(completed =>
        {
            Context.System.EventStream.Publish(RolloutGenerated.From(completed.Rollout, sampled: true));
            _waiting.Enqueue(completed);
            Next();
        });
        Receive<RolloutJudged>(judged =>
        {
            _running--;
            if (judged.Rollout.Judgment is { IsFault: true } fault)
            {
                _log.Warning(
                    "Verifier {0} failed on {1} ({2}): {3}",
                    _verifier.Name,
                    judged.Rollout.Rollout.Id,
                    fault.Verdict,
                    fault.Detail
                );
            }

            _filter.Tell(judged);
            Next();
        });
        Receive<Status.Failure>(failure => throw new InvalidOperationException(failure.Cause.Message, failure.Cause));
        Receive<ReportIdle>(_ =>
        {
            _idleRequester = Sender;
            Next();
        });
    }

    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
    }

    private void Next()
    {
        while (_running < _parallel && _waiting.TryDequeue(out RolloutCompleted? completed))
        {
            _running++;
            _ = JudgeAsync(completed, _stopped.Token).PipeTo(Self);
        }

        if (_running == 0 && _idleRequester is not null)
        {
            _idleRequester.Tell(Idle.Instance);
            _idleRequester = null;
        }
    }

    private async Task<RolloutJudged> JudgeAsync(RolloutCompleted completed, CancellationToken cancellationToken)
    {
        Rollout rollout = completed.Rollout;
        Judgment judgment = await _verifier
            .JudgeAsync(completed.Group.Question, rollout.Text, rollout.Finish, _timeout, cancellationToken)
            .ConfigureAwait(false);
        return new RolloutJudged(completed.Group, new JudgedRollout(rollout, judgment));
    }

    public static Props Props(IVerifier verifier, TimeSpan timeout, int parallel, IActorRef filter) =>
        Akka.Actor.Props.Create(() => new VerifierActor(verifier, timeout, parallel, filter));
}
