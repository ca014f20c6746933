using System.Collections.Immutable;
using Akka.Actor;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Contracts.Identity;
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
    private (Evaluate Request, IActorRef Sender)? _waiting;
    private bool _busy;

    /// <summary>Evaluate these weights; answered with <see cref="VersionEvaluated"/> or <see cref="EvaluationSkipped"/>.</summary>
    public sealed record Evaluate(PolicySnapshot Snapshot, ImmutableArray<Question> Questions) : INoSerializationVerificationNeeded;

    /// <summary>These weights were not evaluated.</summary>
    public sealed record EvaluationSkipped(PolicyVersion Version, string Reason) : INoSerializationVerificationNeeded;

    private sealed record Done(VersionEvaluated Result, IActorRef ReplyTo) : INoSerializationVerificationNeeded;

    public EvaluatorActor(IGenerationEngine engine, Func<ImmutableArray<Question>, CancellationToken, Task<EvaluationReport>> evaluate)
    {
        (_engine, _evaluate) = (engine, evaluate);
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
            _busy = false;
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
            Skip(request, sender, $"its weights in {request.Snapshot.Path} were deleted while the previous evaluation ran");
            return;
        }

        _busy = true;
        _ = RunAsync(request, sender, _stopped.Token).PipeTo(Self);
    }

    private static void Skip(Evaluate request, IActorRef requester, string reason) =>
        requester.Tell(new EvaluationSkipped(request.Snapshot.Version, reason));

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
