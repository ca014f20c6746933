using System.Globalization;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.RunFiles.Audit;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Wire.Codecs;
using Microsoft.Data.Sqlite;

namespace ICPO.Actors.RunFiles.Tests.Untrusted;

/// <summary>Journals whose rows hold anything: the event is named, or the audit counts a fault.</summary>
public sealed class UntrustedJournalTests : IDisposable
{
    private static readonly BlobRef Blob = new(0, 0, 10, 1);
    private static readonly LearnerEpoch Epoch = new(1);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> BrokenColumns =>
        [
            "message = 'text'",
            "message = 5",
            "message = 1.5",
            "manifest = NULL",
            "manifest = x'00'",
            "manifest = 7",
            "manifest = 'request-work.1'",
            "manifest = 'training-group.1'",
            "manifest = 'none.9'",
            "deleted = 'x'",
            "deleted = x'01'",
            "deleted = 1.5",
            "sequence_number = 'x'",
            "sequence_number = 1e300",
            "sequence_number = x'0102'",
            "message = x''",
            "message = x'FFFFFFFFFF'",
            "message = zeroblob(100000)",
        ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(BrokenColumns))]
    public void A_column_of_another_type_is_reported_with_its_event(string change)
    {
        Write([new EpochStartedEvent(Epoch), Admitted(0), Admitted(1)]);
        Execute($"UPDATE journal SET {change} WHERE sequence_number = 2");
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => RunJournal.Open(_folder.Path));
        Assert.Contains(_folder.Path, refused.Message, StringComparison.Ordinal);
        Assert.Equal(
            change.StartsWith("sequence", StringComparison.Ordinal),
            !refused.Message.Contains("event 2 ", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("snapshot = 'text'")]
    [InlineData("snapshot = NULL")]
    [InlineData("manifest = 'group-stored.1'")]
    [InlineData("sequence_number = 'x'")]
    public void A_snapshot_of_another_type_is_refused(string change)
    {
        Write([Admitted(3)], new BufferState().ToSnapshot());
        Execute($"UPDATE snapshot SET {change}");
        Assert.Contains(
            _folder.Path,
            Assert.Throws<InvalidDataException>(() => RunJournal.Open(_folder.Path)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Impossible_events_are_faults_of_the_audit()
    {
        DroppedRollout rejected = new(new RolloutId(new GroupId(0), Origin.Policy, 0), 4, DropReason.GroupRejected);
        IBufferEvent[] impossible =
        [
            Admitted(0) with
            {
                Dropped = [rejected],
            },
            Admitted(1L << 40),
            new GroupRejectedEvent(new GroupId(long.MaxValue), GroupRejection.NoSignal, []),
            new RolloutStoredEvent(new RolloutId(new GroupId(1L << 50), Origin.Policy, 0), 5, PolicyVersion.Base, Blob),
            new RolloutStoredEvent(new RolloutId(new GroupId(0), Origin.Policy, int.MaxValue), 5, PolicyVersion.Base, Blob),
            new RolloutStoredEvent(new RolloutId(new GroupId(0), Origin.Policy, -1), 5, PolicyVersion.Base, Blob),
            new RolloutDroppedEvent(new RolloutId(new GroupId(0), Origin.Policy, 0), 5),
            new UpdatePreparedEvent(new PolicyVersion(long.MaxValue), Epoch, []),
            new UpdatePreparedEvent(PolicyVersion.Base, Epoch, [new GroupId(7)]),
            new UpdateCommittedEvent(new PolicyVersion(9), Epoch, ""),
            new CheckpointWrittenEvent(new PolicyVersion(9), "x"),
        ];
        foreach (IBufferEvent one in impossible)
        {
            Write([new EpochStartedEvent(Epoch), one]);
            JournalAccount? account = null;
            Assert.Null(
                TestSupport.Untrusted.Read(1000, () => account = JournalAudit.Check(RunJournal.Open(_folder.Path), payloads: false))
            );
            Assert.NotEmpty(account!.Faults);
        }
    }

    [Fact]
    public void Impossible_snapshots_are_told()
    {
        BufferSnapshot good = new BufferState().ToSnapshot();
        BufferSnapshot[] impossible =
        [
            good with
            {
                ResolvedBelow = -1,
            },
            good with
            {
                ResolvedBelow = long.MaxValue,
            },
            good with
            {
                ResolvedAbove = [new GroupId(1L << 60)],
            },
            good with
            {
                Pending = [Admitted(0), Admitted(0)],
            },
            good with
            {
                Committed = new PolicyVersion(long.MaxValue),
            },
            good with
            {
                Prepared = new UpdatePreparedEvent(PolicyVersion.Base, Epoch, [new GroupId(3)]),
            },
            good with
            {
                Prepared = new UpdatePreparedEvent(new PolicyVersion(long.MaxValue), Epoch, []),
            },
            good with
            {
                Uncheckpointed = [new UncheckpointedUpdate(PolicyVersion.Base, "", [])],
            },
            good with
            {
                Rollouts = [new RolloutStoredEvent(new RolloutId(new GroupId(1L << 60), Origin.Expert, 0), 5, default, Blob)],
            },
        ];
        foreach (BufferSnapshot snapshot in impossible)
        {
            Write([Admitted(3)], snapshot);
            Assert.Contains(
                "snapshot 1 ",
                Assert.Throws<InvalidDataException>(() => RunJournal.Open(_folder.Path)).Message,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void A_database_of_which_bytes_are_changed_is_read_or_told()
    {
        Write([new EpochStartedEvent(Epoch), Admitted(0), new UpdatePreparedEvent(PolicyVersion.Base, Epoch, [new GroupId(0)])]);
        string path = _folder.In("journal.db");
        byte[] valid = File.ReadAllBytes(path);
        Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Byte)
            .Array[1, 8]
            .Sample(
                changes =>
                {
                    byte[] bytes = [.. valid];
                    foreach ((int at, byte value) in changes)
                    {
                        bytes[at] = value;
                    }

                    File.WriteAllBytes(path, bytes);
                    Exception? error = TestSupport.Untrusted.Read(bytes.Length, () =>
                        JournalAudit.Check(RunJournal.Open(_folder.Path), payloads: false)
                    );
                    Assert.True(error is null or InvalidDataException or IOException, $"{error}");
                },
                threads: 1,
                iter: 300
            );
    }

    private static GroupAdmittedEvent Admitted(long number) =>
        new(new GroupId(number), PolicyVersion.Base, Blob, [new OriginCount(Origin.Policy, 9, 40)], []);

    private void Write(IBufferEvent[] events, BufferSnapshot? snapshot = null)
    {
        File.Delete(_folder.In("journal.db"));
        _folder.Write("effective.conf", IcpoConfiguration.Load().Render());
        Execute(File.ReadAllText(Repository.In("deploy", "sql", "sqlite.sql")));
        int number = 0;
        if (snapshot is not null)
        {
            number++;
            Insert(
                "snapshot (persistence_id, sequence_number, created, snapshot, manifest)",
                number,
                snapshot,
                "$id, $number, 0, $message, $manifest"
            );
        }

        foreach (IBufferEvent one in events)
        {
            number++;
            Insert(
                "journal (created, deleted, persistence_id, sequence_number, message, manifest)",
                number,
                one,
                "0, 0, $id, $number, $message, $manifest"
            );
        }
    }

    private void Insert(string columns, int number, object message, string values) =>
        Execute(
            $"INSERT INTO {columns} VALUES ({values})",
            ("$id", "trajectory-buffer"),
            ("$number", number.ToString(CultureInfo.InvariantCulture)),
            ("$message", WireFormat.Write(message)),
            ("$manifest", WireFormat.Manifest(message))
        );

    private void Execute(string text, params (string Name, object Value)[] parameters)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.In("journal.db")};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are those of this file.
        command.CommandText = text;
#pragma warning restore CA2100
        foreach ((string name, object value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }
}
