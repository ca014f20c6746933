using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Planning;
using ICPO.Actors.RunEvents;
using ICPO.Actors.Verification;

namespace ICPO.Actors.Filtering;

/// <summary>
/// Receives the rollouts in the core: acknowledges each, requests its verdict, and decides a group when its last rollout has a verdict:
/// expert region reject sampling, replacement, dynamic sampling (the decision itself is <see cref="GroupFilter"/>).
/// </summary>
public sealed partial class FilterActor : ReceiveActor
{
    private readonly FilterParts _parts;
    private readonly Dictionary<GroupId, GroupAssembly> _open = [];
    private readonly DecidedGroups _decided;
    private readonly RecentGroups _recent = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IActorRef _dispatcher = ActorRefs.Nobody;
    private bool _closed;

    public FilterActor(FilterParts parts)
    {
        (_parts, _decided) = (parts, parts.Decided);
        Receive<AttachDispatcher>(attach => _dispatcher = attach.Dispatcher);
        Receive<OpenGroup>(Open);
        Receive<RolloutDelivered>(delivered => _closed, delivered => Sender.Tell(new RolloutAck(delivered.Lease, delivered.Rollout.Id)));
        Receive<RolloutDelivered>(Deliver);
        Receive<Close>(_ =>
        {
            _closed = true;
            Sender.Tell(Closed.Instance);
        });
        Receive<CaseDeskActor.Verdict>(Judge);
        Receive<RolloutFailed>(failed =>
        {
            if (Find(failed.Rollout) is { } assembly && assembly.Fail(failed.Rollout))
            {
                Drop(new DroppedRollout(failed.Rollout, 0, DropReason.GenerationFailed));
                DecideIfComplete(assembly);
            }
        });
    }

    private void Open(OpenGroup open)
    {
        GroupId id = open.Plan.Spec.Id;
        if (_decided.Contains(id) || _open.ContainsKey(id))
        {
            return;
        }

        var assembly = new GroupAssembly(open.Plan);
        _open.Add(id, assembly);
        foreach (JudgedRollout restored in open.Restored)
        {
            assembly.Add(restored);
        }

        foreach (Rollout trace in open.Plan.Traces)
        {
            var judged = new JudgedRollout(trace, Judgment.Correct());
            if (assembly.Add(judged))
            {
                _parts.Events.Publish(RolloutGenerated.From(trace, sampled: false));
                KeepUnlessComplete(assembly, judged);
            }
        }

        DecideIfComplete(assembly);
    }

    private void Deliver(RolloutDelivered delivered)
    {
        Rollout rollout = delivered.Rollout;
        if (!_open.TryGetValue(rollout.Id.Group, out GroupAssembly? assembly))
        {
            DeliverLate(delivered);
            return;
        }

        Sender.Tell(new RolloutAck(delivered.Lease, rollout.Id));
        if (assembly.Fault(rollout) is { } fault)
        {
            _log.Error("A rollout of {0} is not used: {1}", Sender.Path.Name, fault);
            _dispatcher.Tell(new LeaseFailed(delivered.Lease, delivered.Epoch, fault, EngineFault: true), Sender);
            return;
        }

        switch (assembly.Arrive(delivered.Lease, rollout))
        {
            case Arrival.Accepted:
                rollout = assembly.Waiting(rollout.Id);
                _parts.Events.Publish(RolloutGenerated.From(rollout, sampled: true));
                _dispatcher.Tell(new RolloutArrived(assembly.LeaseOf(rollout.Id, delivered.Lease.Attempt), rollout.Id));
                _parts.Cases.Tell(CaseDeskActor.Judge.Create(rollout, assembly.Spec.Question, _parts.Traces.ContextOf(assembly.Spec.Id)));
                break;
            case Arrival.Superseded:
                Supersede(rollout);
                break;
        }
    }

    /// <summary>A rollout of a group that is decided is not used; one of a group that is not open yet is repeated by its worker.</summary>
    private void DeliverLate(RolloutDelivered delivered)
    {
        Rollout rollout = delivered.Rollout;
        if (!_decided.Contains(rollout.Id.Group))
        {
            return;
        }

        Sender.Tell(new RolloutAck(delivered.Lease, rollout.Id));
        if (_recent.IsNew(rollout.Id, delivered.Lease.Attempt))
        {
            Supersede(rollout);
        }
    }

    private void Judge(CaseDeskActor.Verdict verdict)
    {
        if (Find(verdict.Rollout) is { } assembly && assembly.Judge(verdict.Rollout, verdict.Judgment) is { } judged)
        {
            _dispatcher.Tell(new RolloutVerified(verdict.Rollout));
            KeepUnlessComplete(assembly, judged);
            DecideIfComplete(assembly);
        }
    }

    private GroupAssembly? Find(RolloutId rollout) => _open.GetValueOrDefault(rollout.Group);

    /// <summary>A retried lease can complete twice; the second rollout counts as generated and is dropped.</summary>
    private void Supersede(Rollout rollout)
    {
        _parts.Events.Publish(RolloutGenerated.From(rollout, sampled: true));
        Drop(new DroppedRollout(rollout.Id, rollout.Tokens.Length, DropReason.Superseded));
    }

    private void Drop(DroppedRollout dropped) => _parts.Events.Publish(new RolloutDropped(dropped));

    /// <summary>Stores rollouts of an undecided group, so that a restart does not have to sample them again.</summary>
    private void KeepUnlessComplete(GroupAssembly assembly, JudgedRollout rollout)
    {
        if (assembly.IsComplete)
        {
            return;
        }

        ImmutableArray<JudgedRollout> kept = _parts.Keeping switch
        {
            RolloutKeeping.Each => [rollout],
            RolloutKeeping.WholeRequests => assembly.Request(rollout.Rollout.Id),
            _ => [],
        };
        foreach (JudgedRollout one in kept)
        {
            _parts.Buffer.Tell(new StoreRollout(one, assembly.Spec.DispatchedAt));
        }
    }

    private void DecideIfComplete(GroupAssembly assembly)
    {
        GroupSpec spec = assembly.Spec;
        if (!assembly.IsComplete || !_open.Remove(spec.Id))
        {
            return;
        }

        _decided.Add(spec.Id);
        _recent.Add(spec.Id, assembly.Seen);
        _parts.Traces.Decided(spec.Id);
        GroupDecision decision = GroupFilter.Decide(spec, assembly.Judged, assembly.Failed, _parts.Expert, _parts.Group, _parts.Seed);
        ImmutableArray<DroppedRollout> dropped = decision is GroupDecision.Reject all
            ? all.Dropped
            : ((GroupDecision.Admit)decision).Group.Dropped;
        _parts.Events.Publish(new RolloutsRejected(spec, assembly.Judged, dropped));
        _parts.Buffer.Tell(
            decision switch
            {
                GroupDecision.Admit admit => new AdmitGroup(admit.Group),
                GroupDecision.Reject reject => new RejectGroup(spec, reject.Reason, reject.Dropped),
                var other => throw new InvalidOperationException($"Unknown decision {other}."),
            }
        );
    }

    public static Props Props(FilterParts parts) => Akka.Actor.Props.Create(() => new FilterActor(parts));
}
