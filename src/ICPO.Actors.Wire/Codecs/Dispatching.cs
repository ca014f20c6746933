using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Wire.Codecs;

/// <summary>Demand, leases and finished rollouts on the wire.</summary>
internal static class Dispatching
{
    public static IEnumerable<Codec> Codecs =>
        [
            new Codec<RequestWork, Proto.RequestWork>(
                "request-work.1",
                Proto.RequestWork.Parser,
                m => new() { Origin = (Proto.Origin)m.Origin, Sequences = m.Sequences },
                p => new(Fields.Known<Origin>((int)p.Origin), p.Sequences)
            ),
            new Codec<RolloutLease, Proto.RolloutLease>("rollout-lease.1", Proto.RolloutLease.Parser, ToProto, ToContract),
            new Codec<LeaseDone, Proto.LeaseDone>(
                "lease-done.1",
                Proto.LeaseDone.Parser,
                m => new() { Lease = m.Lease.ToProto() },
                p => new(Fields.Required(p.Lease).ToContract())
            ),
            new Codec<LeaseFailed, Proto.LeaseFailed>(
                "lease-failed.1",
                Proto.LeaseFailed.Parser,
                m => new() { Lease = m.Lease.ToProto(), Reason = m.Reason },
                p => new(Fields.Required(p.Lease).ToContract(), p.Reason)
            ),
            new Codec<RolloutCompleted, Proto.RolloutCompleted>(
                "rollout-completed.1",
                Proto.RolloutCompleted.Parser,
                m => new() { Group = m.Group.ToProto(), Rollout = m.Rollout.ToProto() },
                p => new(Fields.Required(p.Group).ToContract(), Fields.Required(p.Rollout).ToContract())
            ),
            new Codec<RolloutFailed, Proto.RolloutFailed>(
                "rollout-failed.1",
                Proto.RolloutFailed.Parser,
                m =>
                    new()
                    {
                        Group = m.Group.ToProto(),
                        Rollout = m.Rollout.ToProto(),
                        Reason = m.Reason,
                    },
                p => new(Fields.Required(p.Group).ToContract(), Fields.Required(p.Rollout).ToContract(), p.Reason)
            ),
            new Codec<RolloutJudged, Proto.RolloutJudged>(
                "rollout-judged.1",
                Proto.RolloutJudged.Parser,
                m => new() { Group = m.Group.ToProto(), Rollout = m.Rollout.ToProto() },
                p => new(Fields.Required(p.Group).ToContract(), Fields.Required(p.Rollout).ToContract())
            ),
        ];

    private static Proto.LeaseId ToProto(this LeaseId id) =>
        new()
        {
            Group = id.Group.Value,
            Origin = (Proto.Origin)id.Origin,
            FirstSibling = id.FirstSibling,
            Attempt = id.Attempt,
        };

    private static LeaseId ToContract(this Proto.LeaseId id) =>
        new(new(id.Group), Fields.Known<Origin>((int)id.Origin), id.FirstSibling, id.Attempt);

    private static Proto.RolloutLease ToProto(RolloutLease lease)
    {
        Proto.RolloutLease proto = new()
        {
            Group = lease.Group.ToProto(),
            Origin = (Proto.Origin)lease.Origin,
            FirstSibling = lease.FirstSibling,
            Attempt = lease.Attempt,
            NotBefore = lease.NotBefore.Value,
        };
        proto.Seeds.Put(lease.Seeds);
        proto.Demonstrations.Put(lease.Demonstrations, Tasks.ToProto);
        return proto;
    }

    private static RolloutLease ToContract(Proto.RolloutLease lease) =>
        new()
        {
            Group = Fields.Required(lease.Group).ToContract(),
            Origin = Fields.Known<Origin>((int)lease.Origin),
            FirstSibling = lease.FirstSibling,
            Seeds = lease.Seeds.Get(),
            Demonstrations = lease.Demonstrations.Get(Tasks.ToContract),
            Attempt = lease.Attempt,
            NotBefore = new(lease.NotBefore),
        };
}
