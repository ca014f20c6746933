using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Wire.Codecs;

/// <summary>Codecs of the messages between filter, buffer and learner.</summary>
internal static class Buffering
{
    public static IEnumerable<Codec> Codecs =>
        [
            new Codec<AdmitGroup, Proto.AdmitGroup>(
                "admit-group.1",
                Proto.AdmitGroup.Parser,
                m => new() { Group = m.Group.ToProto() },
                p => new(Fields.Required(p.Group).ToContract())
            ),
            new Codec<StoreRollout, Proto.KeepRollout>(
                "keep-rollout.1",
                Proto.KeepRollout.Parser,
                m => new() { Rollout = m.Rollout.ToProto(), DispatchedAt = m.DispatchedAt.Value },
                p => new(Fields.Required(p.Rollout).ToContract(), new(p.DispatchedAt))
            ),
            new Codec<RejectGroup, Proto.RejectGroup>(
                "reject-group.1",
                Proto.RejectGroup.Parser,
                m =>
                {
                    Proto.RejectGroup proto = new() { Group = m.Group.ToProto(), Reason = (Proto.GroupRejection)m.Reason };
                    proto.Dropped.Put(m.Dropped, Groups.ToProto);
                    return proto;
                },
                p =>
                    new(
                        Fields.Required(p.Group).ToContract(),
                        Fields.Known<GroupRejection>((int)p.Reason),
                        p.Dropped.Get(Groups.ToContract)
                    )
            ),
            new Codec<GroupAdmitted, Proto.GroupAdmitted>(
                "group-admitted.1",
                Proto.GroupAdmitted.Parser,
                m => new() { Group = m.Group.Value },
                p => new(new GroupId(p.Group))
            ),
            new Codec<GroupRejected, Proto.GroupRejected>(
                "group-rejected.1",
                Proto.GroupRejected.Parser,
                m => new() { Group = m.Group.Value, Reason = (Proto.GroupRejection)m.Reason },
                p => new(new(p.Group), Fields.Known<GroupRejection>((int)p.Reason))
            ),
            new Codec<RequestBatch, Proto.RequestBatch>(
                "request-batch.1",
                Proto.RequestBatch.Parser,
                m =>
                    new()
                    {
                        From = m.From.Value,
                        Epoch = m.Epoch.Value,
                        Groups = m.Groups,
                    },
                p => new(new(p.From), new(p.Epoch), p.Groups)
            ),
            new Codec<BatchPrepared, Proto.BatchPrepared>(
                "batch-prepared.1",
                Proto.BatchPrepared.Parser,
                m =>
                {
                    Proto.BatchPrepared proto = new() { From = m.From.Value, Epoch = m.Epoch.Value };
                    proto.Groups.Put(m.Groups, Groups.ToProto);
                    return proto;
                },
                p => new(new(p.From), new(p.Epoch), p.Groups.Get(Groups.ToContract))
            ),
            new Codec<CommitUpdate, Proto.CommitUpdate>(
                "commit-update.1",
                Proto.CommitUpdate.Parser,
                m =>
                    new()
                    {
                        Version = m.Version.Value,
                        Epoch = m.Epoch.Value,
                        WeightsSha256 = m.WeightsSha256,
                        Hardware = m.Hardware,
                    },
                p => new(new(p.Version), new(p.Epoch), p.WeightsSha256) { Hardware = p.Hardware }
            ),
            new Codec<RecordRedone, Proto.RecordRedone>(
                "record-redone.1",
                Proto.RecordRedone.Parser,
                m =>
                {
                    Proto.RecordRedone proto = new() { Epoch = m.Epoch.Value, Hardware = m.Hardware };
                    proto.Updates.Put(m.Updates, ToProto);
                    return proto;
                },
                p => new(new(p.Epoch), p.Hardware, p.Updates.Get(ToContract))
            ),
            new Codec<UpdateCommitted, Proto.UpdateCommitted>(
                "update-committed.1",
                Proto.UpdateCommitted.Parser,
                m =>
                    new()
                    {
                        Version = m.Version.Value,
                        Epoch = m.Epoch.Value,
                        WeightsSha256 = m.WeightsSha256,
                    },
                p => new(new(p.Version), new(p.Epoch), p.WeightsSha256)
            ),
            new Codec<CheckpointWritten, Proto.CheckpointWritten>(
                "checkpoint-written.1",
                Proto.CheckpointWritten.Parser,
                m => new() { Version = m.Version.Value, Directory = m.Directory },
                p => new(new(p.Version), p.Directory)
            ),
        ];

    internal static Proto.RedoneUpdate ToProto(RedoneUpdate update) =>
        new() { Version = update.Version.Value, WeightsSha256 = update.WeightsSha256 };

    internal static RedoneUpdate ToContract(Proto.RedoneUpdate update) => new(new(update.Version), update.WeightsSha256);
}
