using Akka.Actor;
using ICPO.Actors.Contracts;

namespace ICPO.Actors;

/// <summary>
/// Judges rollouts, several at once. A verdict that does not come in time is <see cref="Verdict.TimedOut"/>, an exception is
/// <see cref="Verdict.Crashed"/>: neither is ever a reward.
/// </summary>
public sealed class VerifierActor : ReceiveActor
{
    private readonly IVerifier _verifier;
    private readonly TimeSpan _timeout;
    private readonly int _parallel;
    private readonly IActorRef _filter;
    private readonly TimeProvider _time;
    private readonly Queue<RolloutCompleted> _waiting = new();
    private int _running;

    public VerifierActor(IVerifier verifier, TimeSpan timeout, int parallel, IActorRef filter, TimeProvider time)
    {
        (_verifier, _timeout, _parallel, _filter, _time) = (verifier, timeout, parallel, filter, time);
        Receive<RolloutCompleted>(completed =>
        {
            Context.System.EventStream.Publish(RolloutGenerated.Of(completed.Rollout, sampled: true));
            _waiting.Enqueue(completed);
            Next();
        });
        Receive<RolloutJudged>(judged =>
        {
            _running--;
            _filter.Tell(judged);
            Next();
        });
    }

    public static Props Props(IVerifier verifier, TimeSpan timeout, int parallel, IActorRef filter, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new VerifierActor(verifier, timeout, parallel, filter, time));

    private void Next()
    {
        while (_running < _parallel && _waiting.TryDequeue(out RolloutCompleted? completed))
        {
            _running++;
            _ = JudgeAsync(completed).PipeTo(Self);
        }
    }

    private async Task<RolloutJudged> JudgeAsync(RolloutCompleted completed)
    {
        Rollout rollout = completed.Rollout;
        using var deadline = new CancellationTokenSource(_timeout, _time);
        Judgement judgement;
        try
        {
            // On the pool and waited for from outside: a verifier that ignores its token cannot hold the actor.
            judgement = await Task.Run(
                async () => await _verifier.VerifyAsync(completed.Group.Question, rollout.Text, rollout.Finish, deadline.Token).ConfigureAwait(false),
                deadline.Token).WaitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            judgement = Judgement.TimedOut($"no verdict within {_timeout}");
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            judgement = Judgement.Crashed($"{error.GetType().Name}: {error.Message}");
        }

        return new RolloutJudged(completed.Group, new JudgedRollout(rollout, judgement));
    }
}
