using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Wire.Codecs;

/// <summary>Demand, leases and finished rollouts on the wire.</summary>
internal static class Dispatching
{
    public static IEnumerable<Codec> Codecs =>
        [
            new Codec<Demand, Proto.Demand>("demand.1", Proto.Demand.Parser, ToProto, ToContract),
            new Codec<RolloutLease, Proto.RolloutLease>("rollout-lease.2", Proto.RolloutLease.Parser, ToProto, ToContract),
            new Codec<LeaseProgress, Proto.LeaseProgress>(
                "lease-progress.1",
                Proto.LeaseProgress.Parser,
                m =>
                    new()
                    {
                        Lease = m.Lease.ToProto(),
                        Epoch = m.Epoch.Value,
                        Steps = m.Steps,
                    },
                p => new(Fields.Required(p.Lease).ToContract(), new(p.Epoch), p.Steps)
            ),
            new Codec<LeaseFailed, Proto.LeaseFailed>(
                "lease-failed.2",
                Proto.LeaseFailed.Parser,
                m =>
                    new()
                    {
                        Lease = m.Lease.ToProto(),
                        Epoch = m.Epoch.Value,
                        Reason = m.Reason,
                        EngineFault = m.EngineFault,
                    },
                p => new(Fields.Required(p.Lease).ToContract(), new(p.Epoch), p.Reason, p.EngineFault)
            ),
            new Codec<CancelLease, Proto.CancelLease>(
                "cancel-lease.1",
                Proto.CancelLease.Parser,
                m => new() { Lease = m.Lease.ToProto(), Epoch = m.Epoch.Value },
                p => new(Fields.Required(p.Lease).ToContract(), new(p.Epoch))
            ),
            new Codec<RolloutDelivered, Proto.RolloutDelivered>(
                "rollout-delivered.1",
                Proto.RolloutDelivered.Parser,
                m =>
                    new()
                    {
                        Lease = m.Lease.ToProto(),
                        Epoch = m.Epoch.Value,
                        Rollout = m.Rollout.ToProto(),
                    },
                p => new(Fields.Required(p.Lease).ToContract(), new(p.Epoch), Fields.Required(p.Rollout).ToContract())
            ),
            new Codec<RolloutAck, Proto.RolloutAck>(
                "rollout-ack.1",
                Proto.RolloutAck.Parser,
                m => new() { Lease = m.Lease.ToProto(), Rollout = m.Rollout.ToProto() },
                p => new(Fields.Required(p.Lease).ToContract(), Fields.Required(p.Rollout).ToContract())
            ),
        ];

    public static Proto.LeaseId ToProto(this LeaseId id) =>
        new()
        {
            Group = id.Group.Value,
            Origin = (Proto.Origin)id.Origin,
            FirstSibling = id.FirstSibling,
            Attempt = id.Attempt,
        };

    public static LeaseId ToContract(this Proto.LeaseId id) =>
        new(new(id.Group), Fields.Known<Origin>((int)id.Origin), id.FirstSibling, id.Attempt);

    private static Proto.Demand ToProto(Demand demand)
    {
        Proto.Demand proto = new()
        {
            Worker = demand.Worker,
            Epoch = demand.Epoch.Value,
            Sequence = demand.Sequence,
            Free = demand.Free,
            Version = demand.Version.Value,
        };
        proto.Origins.Put(demand.Origins, origin => (Proto.Origin)origin);
        proto.Held.Put(demand.Held, ToProto);
        return proto;
    }

    private static Demand ToContract(Proto.Demand demand) =>
        new()
        {
            Worker = demand.Worker,
            Epoch = new(demand.Epoch),
            Sequence = demand.Sequence,
            Free = demand.Free,
            Origins = demand.Origins.Get(origin => Fields.Known<Origin>((int)origin)),
            Held = demand.Held.Get(ToContract),
            Version = new(demand.Version),
        };

    private static Proto.RolloutLease ToProto(RolloutLease lease)
    {
        if (lease.Seeds.Length != lease.Siblings.Length)
        {
            throw new ArgumentException(
                $"lease {lease.Id} has {lease.Siblings.Length} siblings and {lease.Seeds.Length} seeds; there must be one each",
                nameof(lease)
            );
        }

        Proto.RolloutLease proto = new()
        {
            Id = lease.Id.ToProto(),
            Epoch = lease.Epoch.Value,
            NotBefore = lease.NotBefore.Value,
            Trace = lease.Trace ?? "",
        };
        proto.Prompt.Put(lease.Prompt);
        proto.Siblings.Put(lease.Siblings);
        proto.Seeds.Put(lease.Seeds);
        return proto;
    }

    private static RolloutLease ToContract(Proto.RolloutLease lease) =>
        lease.Seeds.Count == lease.Siblings.Count
            ? new()
            {
                Id = Fields.Required(lease.Id).ToContract(),
                Epoch = new(lease.Epoch),
                Prompt = lease.Prompt.Get(),
                Siblings = lease.Siblings.Get(),
                Seeds = lease.Seeds.Get(),
                NotBefore = new(lease.NotBefore),
                Trace = Fields.Optional(lease.Trace),
            }
            : throw new InvalidDataException($"a lease has {lease.Siblings.Count} siblings and {lease.Seeds.Count} seeds");
}
