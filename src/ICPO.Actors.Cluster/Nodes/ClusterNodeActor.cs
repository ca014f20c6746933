using Akka.Actor;
using ICPO.Actors.Cluster.Membership;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Leasing;
using ICPO.Actors.Nodes;

namespace ICPO.Actors.Cluster.Nodes;

/// <summary>
/// A node of another process than the core's: asks the core what the run is, prepares model and verifier, and works until the run ends,
/// the node is asked to leave, or the core has not been heard of for too long.
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
                new TimeoutException(
                    $"No core has been reachable for {orphaned.After.TotalSeconds:0} s; start a node of role learner again, or check the "
                        + "network. A supervisor that restarts this node lets it join again."
                )
            )
        );
        Receive<RunEnded>(ended => End(NodeEnd.RunEnded, $"the run {ended.Run} has ended"));
        Receive<LeaveRun>(_ => BeginLeaving());
        Receive<Leave>(_ => BeginLeaving());
        Receive<WorkerDrained>(_ => End(NodeEnd.Drained, "the node has left; everything that it held is delivered"));
        Receive<DrainTimedOut>(_ => End(NodeEnd.DrainTimedOut, "the node has left; what it still held is sampled again elsewhere"));
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

    /// <summary>What fails in the node ends it, with that as the reason.</summary>
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

    /// <summary>Before the first core the wait is that for joining.</summary>
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

    /// <summary>A learner that is reachable may stand by for a core that nobody can take over.</summary>
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
            End(NodeEnd.Drained, "the node has left before it took work");
            return;
        }

        _parts.Report("the node takes no new work and delivers what it holds");
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
