using System.Buffers.Binary;
using System.Collections.Immutable;
using Fuzz.Readers;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Wire.Codecs;
using ICPO.Actors.Wire.Segments;

namespace Fuzz.SeedFactory;

/// <summary>Journal events and payloads of a small run.</summary>
internal static class EventSeed
{
    private static readonly BlobRef Blob = new(0, 0, 100, 1234);

    public static IEnumerable<(string Name, byte[] Message)> Messages() =>
        Events()
            .Append(State())
            .Append(Group(3))
            .DistinctBy(message => message.GetType())
            .Select(message =>
                (WireFormat.Manifest(message), (byte[])[RunReaders.Number(WireFormat.Manifest(message)), .. WireFormat.Write(message)])
            );

    /// <summary>The rows of a journal that begins with the run.</summary>
    public static byte[] Run() => Rows(Events());

    /// <summary>A journal whose first events were replaced by a snapshot.</summary>
    public static byte[] Snapshot() => Rows([State(), .. Events().Skip(6)]);

    public static byte[] Database(byte[] rows)
    {
        string path = Path.Combine(Scratch.In("seed"), "journal.db");
        RunReaders.WriteRows(path, rows);
        byte[] content = File.ReadAllBytes(path);
        Scratch.Delete();
        return content;
    }

    /// <summary>A segment with one group, behind the place of it.</summary>
    public static byte[] Payload()
    {
        string directory = Scratch.In("segments");
        BlobRef blob;
        using (var log = new SegmentLog(directory))
        {
            blob = log.Append(GroupPayload.Write(Group(1)));
            log.Flush();
        }

        byte[] place = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(place, blob.Offset);
        BinaryPrimitives.WriteInt32LittleEndian(place.AsSpan(8), blob.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(place.AsSpan(12), blob.Checksum);
        byte[] segment = File.ReadAllBytes(Path.Combine(directory, "00000000.segment"));
        Scratch.Delete();
        return [.. place, .. segment];
    }

    private static IEnumerable<object> Events()
    {
        var epoch = new LearnerEpoch(1);
        yield return new EpochStartedEvent(epoch);
        yield return new RolloutStoredEvent(new RolloutId(new GroupId(0), Origin.Policy, 0), 5, PolicyVersion.Base, Blob);
        yield return Admitted(0);
        yield return new GroupRejectedEvent(
            new GroupId(1),
            GroupRejection.NoSignal,
            [new DroppedRollout(new RolloutId(new GroupId(1), Origin.Policy, 0), 4, DropReason.GroupRejected)]
        );
        yield return Admitted(2);
        yield return new UpdatePreparedEvent(PolicyVersion.Base, epoch, [new GroupId(0), new GroupId(2)]);
        yield return new UpdateCommittedEvent(new PolicyVersion(1), epoch, new string('a', 64)) { Hardware = "processor A" };
        yield return new UpdatesRedoneEvent(epoch, "processor B", [new RedoneUpdate(new PolicyVersion(1), new string('b', 64))]);
        yield return new CheckpointWrittenEvent(new PolicyVersion(1), "update-000001", PolicyVersion.Base);
        yield return new RolloutStoredEvent(new RolloutId(new GroupId(3), Origin.Expert, 0), 6, new PolicyVersion(1), Blob);
        yield return new RolloutDroppedEvent(new RolloutId(new GroupId(3), Origin.Expert, 0), 6);
    }

    private static GroupAdmittedEvent Admitted(long number) =>
        new(
            new GroupId(number),
            PolicyVersion.Base,
            Blob,
            [new OriginCount(Origin.Policy, 7, 35), new OriginCount(Origin.Expert, 1, 6)],
            [new DroppedRollout(new RolloutId(new GroupId(number), Origin.Policy, 7), 3, DropReason.ReplacedByExpert)]
        );

    private static BufferSnapshot State() =>
        new()
        {
            Epoch = new LearnerEpoch(1),
            Committed = PolicyVersion.Base,
            Pending = [Admitted(0), Admitted(2)],
            Uncheckpointed = [],
            Prepared = new UpdatePreparedEvent(PolicyVersion.Base, new LearnerEpoch(1), [new GroupId(0), new GroupId(2)]),
            ResolvedBelow = 3,
            ResolvedAbove = [new GroupId(5)],
            Rollouts = [new RolloutStoredEvent(new RolloutId(new GroupId(3), Origin.Policy, 1), 5, PolicyVersion.Base, Blob)],
            Ledger = ImmutableSortedDictionary<string, long>.Empty.Add("groups/admitted", 2),
        };

    private static TrainingGroup Group(long number)
    {
        var id = new GroupId(number);
        var rollout = new Rollout
        {
            Id = new RolloutId(id, Origin.Policy, 0),
            Tokens = [1, 2, 3],
            LogProbs = [-1, -2, -3],
            Versions = [0, 0, 1],
            Finish = FinishReason.Stop,
            Seed = 7,
            Text = "abc",
            PromptLength = 4,
        };
        var spec = new GroupSpec
        {
            Id = id,
            Question = new Question
            {
                Id = "q",
                Text = "What is 1 + 1?",
                Answer = "2",
            },
            Prompt = [1, 2, 3, 4],
            PolicyRollouts = 1,
            ExpertRollouts = 0,
            DispatchedAt = PolicyVersion.Base,
        };
        return new TrainingGroup
        {
            Spec = spec,
            Members = [new JudgedRollout(rollout, Judgment.Correct("2"))],
            Dropped = [],
        };
    }

    private static byte[] Rows(IEnumerable<object> messages)
    {
        var rows = new List<byte>();
        foreach (object message in messages)
        {
            byte[] bytes = WireFormat.Write(message);
            rows.AddRange([RunReaders.Number(WireFormat.Manifest(message)), (byte)bytes.Length, (byte)(bytes.Length >> 8)]);
            rows.AddRange(bytes);
        }

        return [.. rows];
    }
}
