using System.Collections.Immutable;
using Akka.Actor;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Filtering;

/// <summary>
/// Assembles groups from judged rollouts and decides each when its last rollout has arrived: expert region reject sampling,
/// replacement, dynamic sampling (the decision itself is <see cref="GroupFilter"/>).
/// </summary>
public sealed class FilterActor : ReceiveActor
{
    private readonly Dictionary<GroupId, GroupAssembly> _open = [];
    private readonly DecidedGroups _decided = new();
    private readonly ExpertSettings _expert;
    private readonly GroupSettings _group;
    private readonly ulong _seed;
    private readonly IActorRef _buffer;
    private readonly RolloutKeeping _keeping;

    /// <summary>A rollout from the journal, of a group that is dispatched again.</summary>
    public sealed record Restore(GroupSpec Group, JudgedRollout Rollout) : INoSerializationVerificationNeeded;

    public FilterActor(
        ExpertSettings expert,
        GroupSettings group,
        ulong seed,
        IActorRef buffer,
        RolloutKeeping keeping = RolloutKeeping.None
    )
    {
        (_expert, _group, _seed, _buffer, _keeping) = (expert, group, seed, buffer, keeping);
        Receive<Restore>(restore => Assemble(restore.Group, assembly => assembly.Add(restore.Rollout)));
        Receive<RolloutJudged>(judged =>
        {
            Rollout rollout = judged.Rollout.Rollout;
            if (!Assemble(judged.Group, assembly => assembly.Add(judged.Rollout)))
            {
                // A retried lease can complete twice; the second rollout is dropped as superseded.
                Context.System.EventStream.Publish(
                    new RolloutDropped(new DroppedRollout(rollout.Id, rollout.Tokens.Length, DropReason.Superseded))
                );
            }
            else if (_open.TryGetValue(judged.Group.Id, out GroupAssembly? assembly))
            {
                Keep(assembly, judged.Rollout);
            }
        });
        Receive<RolloutFailed>(failed =>
        {
            if (Assemble(failed.Group, assembly => assembly.Fail(failed.Rollout)))
            {
                Context.System.EventStream.Publish(new RolloutDropped(new DroppedRollout(failed.Rollout, 0, DropReason.GenerationFailed)));
            }
        });
    }

    /// <summary>Stores rollouts of an undecided group, so that a restart does not have to sample them again.</summary>
    private void Keep(GroupAssembly assembly, JudgedRollout rollout)
    {
        ImmutableArray<JudgedRollout> kept = _keeping switch
        {
            RolloutKeeping.Each => [rollout],
            RolloutKeeping.WholeRequests => assembly.Request(rollout.Rollout.Id),
            _ => [],
        };
        foreach (JudgedRollout one in kept)
        {
            _buffer.Tell(new StoreRollout(one, assembly.Spec.DispatchedAt));
        }
    }

    /// <summary>False where the rollout arrives twice or too late.</summary>
    private bool Assemble(GroupSpec spec, Func<GroupAssembly, bool> add)
    {
        if (_decided.Contains(spec.Id))
        {
            return false;
        }

        if (!_open.TryGetValue(spec.Id, out GroupAssembly? assembly))
        {
            _open[spec.Id] = assembly = new GroupAssembly(spec);
        }

        if (!add(assembly))
        {
            return false;
        }

        if (assembly.IsComplete)
        {
            Decide(assembly);
        }

        return true;
    }

    private void Decide(GroupAssembly assembly)
    {
        GroupSpec spec = assembly.Spec;
        _open.Remove(spec.Id);
        _decided.Add(spec.Id);
        GroupDecision decision = GroupFilter.Decide(spec, assembly.Judged, assembly.Failed, _expert, _group, _seed);
        ImmutableArray<DroppedRollout> dropped = decision is GroupDecision.Reject all
            ? all.Dropped
            : ((GroupDecision.Admit)decision).Group.Dropped;
        Context.System.EventStream.Publish(new RolloutsRejected(spec, assembly.Judged, dropped));
        _buffer.Tell(
            decision switch
            {
                GroupDecision.Admit admit => new AdmitGroup(admit.Group),
                GroupDecision.Reject reject => new RejectGroup(spec, reject.Reason, reject.Dropped),
                var other => throw new InvalidOperationException($"Unknown decision {other}."),
            }
        );
    }

    public static Props Props(
        ExpertSettings expert,
        GroupSettings group,
        ulong seed,
        IActorRef buffer,
        RolloutKeeping keeping = RolloutKeeping.None
    ) => Akka.Actor.Props.Create(() => new FilterActor(expert, group, seed, buffer, keeping));
}
