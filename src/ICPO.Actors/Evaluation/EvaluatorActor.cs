using System.Collections.Immutable;
using Akka.Actor;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Leasing;
using ICPO.Actors.RunEvents;
using ICPO.Actors.Tasks.Processes;

namespace ICPO.Actors.Evaluation;

/// <summary>
/// Evaluates published weights on held-out questions, on a separate engine, so that training and evaluation never wait for each other. One
/// version at a time; while it is busy only the newest request is kept. An evaluation that fails is repeated after a delay, until none has
/// succeeded for <see cref="EvaluatorParts.FaultTimeout"/>.
/// </summary>
public sealed class EvaluatorActor : ReceiveActor, IWithTimers
{
    private const string Name = "evaluator";
    private readonly EvaluatorParts _parts;
    private readonly FaultWatch _faults;
    private readonly CancellationTokenSource _stopped = new();
    private readonly long _start;
    private int _failed;
    private (Evaluate Request, IActorRef Sender)? _waiting;
    private bool _busy;

    /// <summary>Evaluate these weights; answered with <see cref="VersionEvaluated"/> or <see cref="EvaluationSkipped"/>.</summary>
    public sealed record Evaluate(PolicySnapshot Snapshot, ImmutableArray<Question> Questions) : INoSerializationVerificationNeeded;

    /// <summary>These weights were not evaluated.</summary>
    public sealed record EvaluationSkipped(PolicyVersion Version, string Reason) : INoSerializationVerificationNeeded;

    private sealed record Done(VersionEvaluated Result, IActorRef ReplyTo) : INoSerializationVerificationNeeded;

    private sealed record Failed(Evaluate Request, IActorRef Sender, Exception Error) : INoSerializationVerificationNeeded;

    private sealed record Again(Evaluate Request, IActorRef Sender) : INoSerializationVerificationNeeded;

    public EvaluatorActor(EvaluatorParts parts)
    {
        (_parts, _faults) = (parts, new FaultWatch("evaluation", parts.FaultTimeout));
        _start = parts.Time.GetTimestamp();
        Receive<Evaluate>(request =>
        {
            if (_waiting is var (older, requester))
            {
                Skip(older, requester, "a newer version was requested before the evaluation in progress had ended");
            }

            _waiting = (request, Sender);
            Next();
        });
        Receive<Done>(done =>
        {
            (_busy, _failed) = (false, 0);
            _faults.Worked();
            done.ReplyTo.Tell(done.Result);
            Next();
        });
        Receive<Failed>(OnFailed);
        Receive<Again>(again =>
        {
            (_parts.Verifier as IRestartableVerifier)?.Restart();
            Start(again.Request, again.Sender);
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
    }

    private void Next()
    {
        if (_busy || _waiting is not var (request, sender))
        {
            return;
        }

        _waiting = null;
        if (request.Snapshot.Version > _parts.Engine.Version && !File.Exists(request.Snapshot.Path))
        {
            Skip(request, sender, $"its weights in {request.Snapshot.Path} were deleted while the previous evaluation ran");
            return;
        }

        Start(request, sender);
    }

    private void Start(Evaluate request, IActorRef sender)
    {
        _busy = true;
        _ = RunAsync(request, sender, _stopped.Token)
            .PipeTo(Self, success: done => done, failure: error => new Failed(request, sender, error));
    }

    private void OnFailed(Failed failed)
    {
        _faults.Failed(Name, failed.Error.Message, Elapsed);
        bool repeats = failed.Error is not (ArgumentException or OutOfMemoryException or ObjectDisposedException);
        string? problem = repeats ? _faults.Problem(Elapsed, atWork: false) : $"The evaluation failed: {failed.Error.Message}";
        if (problem is not null)
        {
            throw new InvalidOperationException(problem, failed.Error);
        }

        TimeSpan pause = _parts.Timings.Pause(++_failed);
        _parts.Events.Publish(
            new RunNote(
                $"The evaluation of {failed.Request.Snapshot.Version} failed and is repeated in {pause.TotalSeconds:0.#} s: "
                    + failed.Error.Message
            )
        );
        Timers.StartSingleTimer(nameof(Again), new Again(failed.Request, failed.Sender), pause);
    }

    private TimeSpan Elapsed => _parts.Time.GetElapsedTime(_start);

    private static void Skip(Evaluate request, IActorRef requester, string reason) =>
        requester.Tell(new EvaluationSkipped(request.Snapshot.Version, reason));

    private async Task<Done> RunAsync(Evaluate request, IActorRef sender, CancellationToken cancellationToken)
    {
        if (request.Snapshot.Version > _parts.Engine.Version)
        {
            await _parts.Engine.SwapAsync(request.Snapshot, cancellationToken).ConfigureAwait(false);
        }

        EvaluationReport report = await _parts.Evaluate(request.Questions, cancellationToken).ConfigureAwait(false);
        return new Done(new VersionEvaluated(request.Snapshot.Version, report), sender);
    }

    public static Props Props(EvaluatorParts parts) => Akka.Actor.Props.Create(() => new EvaluatorActor(parts));
}
