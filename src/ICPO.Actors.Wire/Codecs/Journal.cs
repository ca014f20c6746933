using System.Collections.Immutable;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Wire.Codecs;

/// <summary>The buffer's journal events and its snapshot on the wire.</summary>
internal static class Journal
{
    public static IEnumerable<Codec> Codecs =>
        [
            new Codec<GroupAdmittedEvent, Proto.GroupStored>("group-stored.1", Proto.GroupStored.Parser, ToProto, ToContract),
            new Codec<RolloutStoredEvent, Proto.RolloutStored>("rollout-stored.1", Proto.RolloutStored.Parser, ToProto, ToContract),
            new Codec<RolloutDroppedEvent, Proto.RolloutDiscarded>(
                "rollout-discarded.1",
                Proto.RolloutDiscarded.Parser,
                m => new() { Rollout = m.Rollout.ToProto(), Tokens = m.Tokens },
                p => new(Fields.Required(p.Rollout).ToContract(), p.Tokens)
            ),
            new Codec<GroupRejectedEvent, Proto.GroupTurnedDown>(
                "group-turned-down.1",
                Proto.GroupTurnedDown.Parser,
                m =>
                {
                    Proto.GroupTurnedDown proto = new() { Group = m.Group.Value, Reason = (Proto.GroupRejection)m.Reason };
                    proto.Dropped.Put(m.Dropped, Groups.ToProto);
                    return proto;
                },
                p => new(new(p.Group), Fields.Known<GroupRejection>((int)p.Reason), p.Dropped.Get(Groups.ToContract))
            ),
            new Codec<UpdatePreparedEvent, Proto.UpdatePrepared>("update-prepared.1", Proto.UpdatePrepared.Parser, ToProto, ToContract),
            new Codec<UpdateCommittedEvent, Proto.UpdateRecorded>(
                "update-recorded.1",
                Proto.UpdateRecorded.Parser,
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
            new Codec<UpdatesRedoneEvent, Proto.UpdatesRedone>("updates-redone.1", Proto.UpdatesRedone.Parser, ToProto, ToContract),
            new Codec<CheckpointWrittenEvent, Proto.CheckpointRecorded>(
                "checkpoint-recorded.1",
                Proto.CheckpointRecorded.Parser,
                ToProto,
                ToContract
            ),
            new Codec<EpochStartedEvent, Proto.EpochStarted>(
                "epoch-started.1",
                Proto.EpochStarted.Parser,
                m => new() { Epoch = m.Epoch.Value },
                p => new(new LearnerEpoch(p.Epoch))
            ),
            new Codec<BufferSnapshot, Proto.BufferSnapshot>("buffer-snapshot.1", Proto.BufferSnapshot.Parser, ToProto, ToContract),
        ];

    private static Proto.BlobRef ToProto(BlobRef blob) =>
        new()
        {
            Segment = blob.Segment,
            Offset = blob.Offset,
            Length = blob.Length,
            Checksum = blob.Checksum,
        };

    private static BlobRef ToContract(Proto.BlobRef blob) => new(blob.Segment, blob.Offset, blob.Length, blob.Checksum);

    private static Proto.GroupStored ToProto(GroupAdmittedEvent stored)
    {
        Proto.GroupStored proto = new()
        {
            Group = stored.Group.Value,
            DispatchedAt = stored.DispatchedAt.Value,
            Payload = ToProto(stored.Payload),
            RewardSpread = stored.RewardSpread,
        };
        proto.Kept.Put(stored.Kept, c => new Proto.OriginCount
        {
            Origin = (Proto.Origin)c.Origin,
            Rollouts = c.Rollouts,
            Tokens = c.Tokens,
        });
        proto.Dropped.Put(stored.Dropped, Groups.ToProto);
        return proto;
    }

    private static GroupAdmittedEvent ToContract(Proto.GroupStored stored) =>
        new(
            new(stored.Group),
            new(stored.DispatchedAt),
            ToContract(Fields.Required(stored.Payload)),
            stored.Kept.Get(c => new OriginCount(Fields.Known<Origin>((int)c.Origin), c.Rollouts, c.Tokens)),
            stored.Dropped.Get(Groups.ToContract)
        )
        {
            RewardSpread = double.IsFinite(stored.RewardSpread) ? stored.RewardSpread : 0,
        };

    private static Proto.RolloutStored ToProto(RolloutStoredEvent stored) =>
        new()
        {
            Rollout = stored.Rollout.ToProto(),
            Tokens = stored.Tokens,
            DispatchedAt = stored.DispatchedAt.Value,
            Payload = ToProto(stored.Payload),
        };

    private static RolloutStoredEvent ToContract(Proto.RolloutStored stored) =>
        new(
            Fields.Required(stored.Rollout).ToContract(),
            stored.Tokens,
            new(stored.DispatchedAt),
            ToContract(Fields.Required(stored.Payload))
        );

    private static Proto.UpdatePrepared ToProto(UpdatePreparedEvent prepared)
    {
        Proto.UpdatePrepared proto = new() { From = prepared.From.Value, Epoch = prepared.Epoch.Value };
        proto.Groups.Put(prepared.Groups, g => g.Value);
        proto.Kept.Put(prepared.Kept, g => g.Value);
        return proto;
    }

    private static UpdatePreparedEvent ToContract(Proto.UpdatePrepared prepared) =>
        new(new(prepared.From), new(prepared.Epoch), prepared.Groups.Get(g => new GroupId(g)))
        {
            Kept = prepared.Kept.Get(g => new GroupId(g)),
        };

    private static Proto.CheckpointRecorded ToProto(CheckpointWrittenEvent checkpoint)
    {
        Proto.CheckpointRecorded proto = new() { Version = checkpoint.Version.Value, Directory = checkpoint.Directory };
        if (checkpoint.OldestKept is { } oldest)
        {
            proto.OldestKept = oldest.Value;
        }

        return proto;
    }

    private static CheckpointWrittenEvent ToContract(Proto.CheckpointRecorded checkpoint) =>
        new(new(checkpoint.Version), checkpoint.Directory, checkpoint.HasOldestKept ? new PolicyVersion(checkpoint.OldestKept) : null);

    private static Proto.UncheckpointedUpdate ToProto(UncheckpointedUpdate update)
    {
        Proto.UncheckpointedUpdate proto = new()
        {
            Version = update.Version.Value,
            WeightsSha256 = update.WeightsSha256,
            Hardware = update.Hardware,
        };
        proto.Groups.Put(update.Groups, ToProto);
        return proto;
    }

    private static UncheckpointedUpdate ToContract(Proto.UncheckpointedUpdate update) =>
        new(new(update.Version), update.WeightsSha256, update.Groups.Get(ToContract)) { Hardware = update.Hardware };

    private static Proto.UpdatesRedone ToProto(UpdatesRedoneEvent redone)
    {
        Proto.UpdatesRedone proto = new() { Epoch = redone.Epoch.Value, Hardware = redone.Hardware };
        proto.Updates.Put(redone.Updates, Buffering.ToProto);
        return proto;
    }

    private static UpdatesRedoneEvent ToContract(Proto.UpdatesRedone redone) =>
        new(new(redone.Epoch), redone.Hardware, redone.Updates.Get(Buffering.ToContract));

    private static Proto.BufferSnapshot ToProto(BufferSnapshot snapshot)
    {
        Proto.BufferSnapshot proto = new()
        {
            Epoch = snapshot.Epoch.Value,
            Committed = snapshot.Committed.Value,
            Checkpoint = snapshot.Checkpoint is { } checkpoint ? ToProto(checkpoint) : null,
            Prepared = snapshot.Prepared is { } prepared ? ToProto(prepared) : null,
            ResolvedBelow = snapshot.ResolvedBelow,
        };
        proto.Pending.Put(snapshot.Pending, ToProto);
        proto.Rollouts.Put(snapshot.Rollouts, ToProto);
        proto.Trained.Put(snapshot.Trained, t => new Proto.TrainedGroup { Group = t.Group.Value, Times = t.Times });
        proto.Admitted.Put(snapshot.Admitted, a => new Proto.AdmittedGroup { Group = a.Group.Value, Committed = a.Committed.Value });
        proto.Earlier.Put(snapshot.Earlier, ToProto);
        proto.Uncheckpointed.Put(snapshot.Uncheckpointed, ToProto);
        proto.ResolvedAbove.Put(snapshot.ResolvedAbove, g => g.Value);
        proto.Ledger.Add(snapshot.Ledger.Select(c => new Proto.Counter { Name = c.Key, Value = c.Value }));
        return proto;
    }

    private static BufferSnapshot ToContract(Proto.BufferSnapshot snapshot) =>
        new()
        {
            Epoch = new(snapshot.Epoch),
            Committed = new(snapshot.Committed),
            Checkpoint = snapshot.Checkpoint is { } checkpoint ? ToContract(checkpoint) : null,
            Earlier = snapshot.Earlier.Get(ToContract),
            Pending = snapshot.Pending.Get(ToContract),
            Prepared = snapshot.Prepared is { } prepared ? ToContract(prepared) : null,
            Rollouts = snapshot.Rollouts.Get(ToContract),
            Trained = snapshot.Trained.Get(t => new TrainedGroup(new(t.Group), t.Times)),
            Admitted = snapshot.Admitted.Get(a => new AdmittedGroup(new(a.Group), new(a.Committed))),
            Uncheckpointed = snapshot.Uncheckpointed.Get(ToContract),
            ResolvedBelow = snapshot.ResolvedBelow,
            ResolvedAbove = snapshot.ResolvedAbove.Get(g => new GroupId(g)),
            Ledger = snapshot.Ledger.ToImmutableSortedDictionary(c => c.Name, c => c.Value),
        };
}
