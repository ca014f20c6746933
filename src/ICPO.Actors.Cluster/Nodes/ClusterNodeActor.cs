using Akka.Actor;
using ICPO.Actors.Cluster.Membership;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Leasing;
using ICPO.Actors.Nodes;

namespace ICPO.Actors.Cluster.Nodes;

/// <summary>
/// A node in another process than the core: gets the run's description from the core, prepares model and verifier, and works until the run
/// ends, the node is asked to leave, or the core has been unreachable for too long.
/// </summary>
internal sealed class ClusterNodeActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private readonly ClusterNodeParts _parts;
    private readonly CancellationTokenSource _stopped = new();
    private readonly IActorRef _locator;
    private IActorRef _node = ActorRefs.Nobody;
    private bool _preparing;
    private bool _leaving;

    /// <summary>Asks the node to leave.</summary>
    public sealed record Leave : INoSerializationVerificationNeeded
    {
        public static Leave Instance { get; } = new();
    }

    private sealed record Ask : INoSerializationVerificationNeeded
    {
        public static Ask Instance { get; } = new();
    }

    private sealed record Prepared(NodeParts Parts) : INoSerializationVerificationNeeded;

    private sealed record Orphaned(TimeSpan After) : INoSerializationVerificationNeeded;

    private sealed record DrainTimedOut : INoSerializationVerificationNeeded;

    public ClusterNodeActor(ClusterNodeParts parts)
    {
        _parts = parts;
        _locator = Context.ActorOf(CoreLocatorActor.Props(Self), "locator");
        Receive<Ask>(_ =>
        {
            if (!_preparing)
            {
                _locator.Tell(new DescribeRun(parts.Name, ProductVersion.Current));
            }
        });
        Receive<RunDescription>(Prepare);
        Receive<Prepared>(prepared =>
        {
            _node = Context.Watch(Context.ActorOf(NodeActor.Props(prepared.Parts, ActorRefs.Nobody), "node"));
            parts.State.Prepared(prepared.Parts.Engines > 0);
            parts.Report("the node is ready");
            Linked(hasCore: false);
        });
        Receive<Refused>(refused => Fail(new IOException(refused.Reason)));
        Receive<CoreLink>(link => Linked(link.HasCore));
        Receive<CoreLocatorActor.CoreReachable>(core => Reachable(core.IsReachable));
        Receive<Orphaned>(orphaned =>
            Fail(
                new IOException(
                    $"No core has been reachable for {orphaned.After.TotalSeconds:0} s; restart a node of role learner, or check the "
                        + "network, then restart this node (a supervisor does that)."
                )
            )
        );
        Receive<RunEnded>(ended => End(NodeEnd.RunEnded, $"the run {ended.Run} has ended"));
        Receive<LeaveRun>(_ => BeginLeaving());
        Receive<Leave>(_ => BeginLeaving());
        Receive<WorkerDrained>(_ => End(NodeEnd.Drained, "the node has left; all its rollouts are delivered"));
        Receive<DrainTimedOut>(_ => End(NodeEnd.DrainTimedOut, "the node has left; undelivered rollouts are sampled again elsewhere"));
        Receive<Status.Failure>(failure => Fail(failure.Cause));
        Receive<Terminated>(_ => Fail(new InvalidOperationException("The node's actor has ended.")));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(Ask), Ask.Instance, TimeSpan.Zero, Beat);
        Reachable(isReachable: false);
    }

    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
        _parts.Ended.TrySetException(new InvalidOperationException("The node's actor system has ended."));
    }

    /// <summary>A failure in the node ends it with that reason.</summary>
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(error =>
        {
            Fail(error);
            return Directive.Stop;
        });

    private void Prepare(RunDescription description)
    {
        if (_preparing)
        {
            return;
        }

        _preparing = true;
        Timers.Cancel(nameof(Ask));
        _parts.State.Described(description.Run);
        _parts.Report($"run {description.Run}, epoch {description.Epoch.Value}");
        _ = PrepareAsync(description, new ClusterTransport(_locator), _stopped.Token).PipeTo(Self);
    }

    private async Task<Prepared> PrepareAsync(
        RunDescription description,
        ClusterTransport transport,
        CancellationToken cancellationToken
    ) => new(await _parts.Preparation.CreateAsync(description, _parts.Name, transport, cancellationToken).ConfigureAwait(false));

    /// <summary>Before the first core the time limit for joining applies.</summary>
    private void Reachable(bool isReachable)
    {
        _parts.State.Reachable(isReachable);
        if (isReachable)
        {
            Timers.Cancel(nameof(Orphaned));
            _parts.Report("a learner is reachable");
        }
        else
        {
            TimeSpan limit = _preparing ? _parts.Settings.OrphanTimeout : _parts.Settings.JoinTimeout;
            Timers.StartSingleTimer(nameof(Orphaned), new Orphaned(limit), limit);
        }
    }

    /// <summary>A reachable learner may be a standby of a core that no process can take over.</summary>
    private void Linked(bool hasCore)
    {
        if (hasCore)
        {
            Timers.Cancel(nameof(Linked));
        }
        else
        {
            TimeSpan limit = _parts.Settings.OrphanTimeout;
            Timers.StartSingleTimer(nameof(Linked), new Orphaned(limit), limit);
        }
    }

    private void BeginLeaving()
    {
        if (_leaving)
        {
            return;
        }

        _leaving = true;
        if (_node.IsNobody())
        {
            End(NodeEnd.Drained, "the node has left before it accepted work");
            return;
        }

        _parts.Report("the node accepts no new work and delivers its rollouts");
        _node.Tell(DrainWorker.Instance);
        Timers.StartSingleTimer(nameof(DrainTimedOut), new DrainTimedOut(), _parts.Settings.DrainTimeout);
    }

    private void End(NodeEnd end, string message)
    {
        _parts.Ended.TrySetResult(new NodeOutcome(end, message));
        Context.Stop(Self);
    }

    private void Fail(Exception cause)
    {
        _parts.Ended.TrySetException(cause);
        Context.Stop(Self);
    }

    public static Props Props(ClusterNodeParts parts) => Akka.Actor.Props.Create(() => new ClusterNodeActor(parts));
}
