using Akka.Actor;
using ICPO.Actors.Algorithm;
using ICPO.Actors.Contracts;

namespace ICPO.Actors;

/// <summary>
/// Puts groups together from judged rollouts and decides on each when its last member is in: expert region reject sampling,
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

    public FilterActor(ExpertSettings expert, GroupSettings group, ulong seed, IActorRef buffer)
    {
        (_expert, _group, _seed, _buffer) = (expert, group, seed, buffer);
        Receive<RolloutJudged>(judged =>
        {
            Rollout rollout = judged.Rollout.Rollout;
            if (!Assemble(judged.Group, assembly => assembly.Add(judged.Rollout)))
            {
                // A lease that was tried twice can end twice; what comes second is sampled, but nobody's.
                Context.System.EventStream.Publish(new RolloutSuperseded(rollout.Id, rollout.Tokens.Length));
            }
        });
        Receive<RolloutFailed>(failed =>
        {
            if (Assemble(failed.Group, assembly => assembly.Fail(failed.Rollout)))
            {
                Context.System.EventStream.Publish(new RolloutLost(failed.Rollout));
            }
        });
    }

    public static Props Props(ExpertSettings expert, GroupSettings group, ulong seed, IActorRef buffer) =>
        Akka.Actor.Props.Create(() => new FilterActor(expert, group, seed, buffer));

    /// <summary>False where the rollout comes twice or too late.</summary>
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
        _buffer.Tell(GroupFilter.Decide(spec, assembly.Judged, assembly.Failed, _expert, _group, _seed) switch
        {
            GroupDecision.Admit admit => new AdmitGroup(admit.Group),
            GroupDecision.Reject reject => new RejectGroup(spec, reject.Reason, reject.Dropped),
            var other => throw new InvalidOperationException($"Unknown decision {other}."),
        });
    }
}
