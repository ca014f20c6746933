using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using ICPO.Actors.Algorithm.Admission;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Dispatching;
using ICPO.Actors.Filtering;
using ICPO.Actors.Nodes;
using ICPO.Actors.Verification;
using ICPO.Actors.Wire.Segments;
using TestSupport;

namespace ICPO.Actors.Benchmarks;

/// <summary>
/// Dispatcher, filter, buffer and gateway of the product. The learner is simulated: every batch is committed at once.
/// </summary>
internal sealed class ScheduleCore : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private readonly IActorRef _buffer;
    private readonly ScheduleParts _parts;
    private BufferRecovered? _state;
    private IActorRef _dispatcher = ActorRefs.Nobody;
    private IActorRef _gateway = ActorRefs.Nobody;
    private long _opened;

    private sealed record AskForNodes : INoSerializationVerificationNeeded;

    public ScheduleCore(ScheduleParts parts)
    {
        _parts = parts;
        _buffer = Context.ActorOf(TrajectoryBufferActor.Props(parts.Payloads, parts.Buffer), "buffer");
        Receive<BufferRecovered>(recovered =>
        {
            _state = recovered;
            StartParts(recovered);
            Timers.StartPeriodicTimer(nameof(AskForNodes), new AskForNodes(), TimeSpan.Zero, Poll);
        });
        Receive<AskForNodes>(_ => _gateway.Tell(NodeGatewayActor.ReportNodes.Instance));
        Receive<ImmutableArray<NodeStatus>>(nodes =>
        {
            if (nodes.Length >= parts.Nodes && _opened == 0)
            {
                Open(_state!);
            }
        });
        Receive<BatchPrepared>(prepared => _buffer.Tell(new CommitUpdate(prepared.From.Next(), prepared.Epoch, new string('0', 64))));
        Receive<UpdateCommitted>(Committed);
        Receive<CheckpointWrittenEvent>(_ => { });
        Receive<JournalFailed>(failed => parts.Done.TrySetException(failed.Cause));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Committed(UpdateCommitted committed)
    {
        if (committed.Version.Value % 25 == 0)
        {
            _buffer.Tell(new CheckpointWritten(committed.Version, $"update-{committed.Version.Value:D6}"));
        }

        if (committed.Version.Value >= _parts.Updates)
        {
            _parts.Done.TrySetResult(Stopwatch.GetElapsedTime(_opened));
        }
        else
        {
            _buffer.Tell(new RequestBatch(committed.Version, _state!.Epoch, ScheduleDriver.GroupsPerUpdate));
        }
    }

    private void Open(BufferRecovered state)
    {
        Timers.CancelAll();
        _parts.Opened();
        _opened = Stopwatch.GetTimestamp();
        _dispatcher.Tell(new DispatcherActor.Open(state.Committed, state.Buffered, [.. state.Undecided], state.Next));
        _buffer.Tell(new RequestBatch(state.Committed, state.Epoch, ScheduleDriver.GroupsPerUpdate));
    }

    private void StartParts(BufferRecovered state)
    {
        var group = new GroupSettings
        {
            PolicyRollouts = ScheduleDriver.Siblings,
            ExpertRollouts = 0,
            GroupsPerUpdate = ScheduleDriver.GroupsPerUpdate,
        };
        IActorRef cases = Context.ActorOf(
            CaseDeskActor.Props(new CaseDeskSettings { Epoch = state.Epoch, Timeout = ScheduleNode.VerifierTimeout }, TimeProvider.System)
        );
        IActorRef filter = Context.ActorOf(
            FilterActor.Props(
                new FilterParts
                {
                    Expert = new ExpertSettings(),
                    Group = group,
                    Seed = 1,
                    Buffer = _buffer,
                    Cases = cases,
                }
            )
        );
        var planner = new GroupPlanner(new ParityTask(), new LetterTokenizer(), group, new ExpertSettings(), 1);
        var dispatching = new DispatcherSettings(group, new AdmissionSettings { MaxStaleness = 4, MaxRunningGroups = 128 })
        {
            Epoch = state.Epoch,
        };
        _dispatcher = Context.ActorOf(DispatcherActor.Props(planner, dispatching, filter, TimeProvider.System));
        filter.Tell(new FilterActor.AttachDispatcher(_dispatcher));
        _buffer.Tell(new TrajectoryBufferActor.AttachDispatcher(_dispatcher));
        _gateway = Context.ActorOf(
            NodeGatewayActor.Props(
                new NodeGatewayParts
                {
                    Epoch = state.Epoch,
                    Run = "",
                    Dispatcher = _dispatcher,
                    Filter = filter,
                    Cases = cases,
                }
            )
        );
        _parts.Start(Context, _gateway, state.Epoch);
    }

    public static Props Props(ScheduleParts parts) => Akka.Actor.Props.Create(() => new ScheduleCore(parts));
}

/// <summary>What a <see cref="ScheduleCore"/> works with.</summary>
internal sealed record ScheduleParts
{
    public required SegmentLog Payloads { get; init; }

    public required BufferSettings Buffer { get; init; }

    /// <summary>It ends when this many updates are committed.</summary>
    public required long Updates { get; init; }

    /// <summary>It begins when this many nodes have joined.</summary>
    public required int Nodes { get; init; }

    /// <summary>Starts the nodes of this process, or lets those of others in, given the gateway.</summary>
    public required Action<IActorContext, IActorRef, LearnerEpoch> Start { get; init; }

    /// <summary>Called when the nodes have joined, before the first lease.</summary>
    public Action Opened { get; init; } = () => { };

    /// <summary>The time from the first lease to the last commit.</summary>
    public required TaskCompletionSource<TimeSpan> Done { get; init; }
}
