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

    /// <summary>Asks what is not decided yet; answered with <see cref="OpenRollouts"/>.</summary>
    public sealed record ReportOpen : INoSerializationVerificationNeeded
    {
        public static ReportOpen Instance { get; } = new();
    }

    public FilterActor(ExpertSettings expert, GroupSettings group, ulong seed, IActorRef buffer)
    {
        (_expert, _group, _seed, _buffer) = (expert, group, seed, buffer);
        Receive<RolloutJudged>(judged =>
            Assemble(judged.Group, judged.Rollout.Rollout.Origin, judged.Rollout.Rollout.Tokens.Length, assembly => assembly.Add(judged.Rollout)));
        Receive<RolloutFailed>(failed => Assemble(failed.Group, failed.Rollout.Origin, tokens: null, assembly => assembly.Fail(failed.Rollout)));
        Receive<ReportOpen>(_ => Sender.Tell(new OpenRollouts([.. _open.Values.SelectMany(assembly => assembly.Judged).Select(member => member.Rollout)])));
    }

    public static Props Props(ExpertSettings expert, GroupSettings group, ulong seed, IActorRef buffer) =>
        Akka.Actor.Props.Create(() => new FilterActor(expert, group, seed, buffer));

    private void Assemble(GroupSpec spec, Origin origin, int? tokens, Func<GroupAssembly, bool> add)
    {
        if (_decided.Contains(spec.Id))
        {
            Repeated(origin, tokens);
            return;
        }

        if (!_open.TryGetValue(spec.Id, out GroupAssembly? assembly))
        {
            _open[spec.Id] = assembly = new GroupAssembly(spec);
        }

        if (!add(assembly))
        {
            Repeated(origin, tokens);
        }

        if (!assembly.IsComplete)
        {
            return;
        }

        _open.Remove(spec.Id);
        _decided.Add(spec.Id);
        _buffer.Tell(GroupFilter.Decide(spec, assembly.Judged, assembly.Failed, _expert, _group, _seed) switch
        {
            GroupDecision.Admit admit => new AdmitGroup(admit.Group),
            GroupDecision.Reject reject => new RejectGroup(spec, reject.Reason, reject.Dropped),
            var other => throw new InvalidOperationException($"Unknown decision {other}."),
        });
    }

    /// <summary>A lease that was tried twice can end twice; what comes second is sampled, but nobody's.</summary>
    private static void Repeated(Origin origin, int? tokens)
    {
        if (tokens is { } count)
        {
            Context.System.EventStream.Publish(new RolloutRepeated(origin, count));
        }
    }
}
