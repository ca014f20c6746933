using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Evaluation;

/// <summary>
/// Evaluates published weights on held-out questions, on a separate engine, so that training and evaluation never wait for each
/// other. One version at a time; while it is busy only the newest request is kept.
/// </summary>
public sealed class EvaluatorActor : ReceiveActor
{
    private readonly IGenerationEngine _engine;
    private readonly Func<ImmutableArray<Question>, CancellationToken, Task<EvaluationReport>> _evaluate;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private (Evaluate Request, IActorRef Sender)? _waiting;
    private bool _busy;

    /// <summary>Evaluate these weights; answered with <see cref="VersionEvaluated"/>.</summary>
    public sealed record Evaluate(PolicySnapshot Snapshot, ImmutableArray<Question> Questions) : INoSerializationVerificationNeeded;

    private sealed record Done(VersionEvaluated Result, IActorRef ReplyTo) : INoSerializationVerificationNeeded;

    public EvaluatorActor(IGenerationEngine engine, Func<ImmutableArray<Question>, CancellationToken, Task<EvaluationReport>> evaluate)
    {
        (_engine, _evaluate) = (engine, evaluate);
        Receive<Evaluate>(request =>
        {
            _waiting = (request, Sender);
            Next();
        });
        Receive<Done>(done =>
        {
            _busy = false;
            Context.System.EventStream.Publish(done.Result);
            done.ReplyTo.Tell(done.Result);
            Next();
        });
        Receive<Status.Failure>(failure =>
            throw new InvalidOperationException($"The evaluation failed: {failure.Cause.Message}", failure.Cause)
        );
    }

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
        if (request.Snapshot.Version > _engine.Version && !File.Exists(request.Snapshot.Path))
        {
            _log.Warning(
                "{0} was not evaluated: the previous evaluation took so long that its weights were deleted",
                request.Snapshot.Version
            );
            return;
        }

        _busy = true;
        _ = RunAsync(request, sender, _stopped.Token).PipeTo(Self);
    }

    private async Task<Done> RunAsync(Evaluate request, IActorRef sender, CancellationToken cancellationToken)
    {
        if (request.Snapshot.Version > _engine.Version)
        {
            await _engine.SwapAsync(request.Snapshot, cancellationToken).ConfigureAwait(false);
        }

        EvaluationReport report = await _evaluate(request.Questions, cancellationToken).ConfigureAwait(false);
        return new Done(new VersionEvaluated(request.Snapshot.Version, report), sender);
    }

    public static Props Props(
        IGenerationEngine engine,
        Func<ImmutableArray<Question>, CancellationToken, Task<EvaluationReport>> evaluate
    ) => Akka.Actor.Props.Create(() => new EvaluatorActor(engine, evaluate));
}
