using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using ICPO.Actors.Buffering;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Faults;
using ICPO.Actors.Journaling;
using ICPO.Actors.Ownership;
using ICPO.Actors.Payloads;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Tests.Fakes;
using ICPO.Actors.Wire.Codecs;
using ICPO.Actors.Wire.Segments;
using Microsoft.Data.Sqlite;

namespace ICPO.Actors.Tests.Buffering;

/// <summary>
/// A trajectory buffer on a journal of a test's own, in an actor system of its own: ended and begun again as a run would be.
/// </summary>
internal sealed class JournalledBuffer : IDisposable
{
    private readonly TestKit _kit;
    private readonly IPayloadStore _payloads;
    private readonly RunOwnership? _owner;

    /// <param name="folder">Where payloads lie, and the journal where <paramref name="connection"/> names no other place.</param>
    /// <param name="owner">A name, to take the run on its server and to store payloads there; null to do neither.</param>
    /// <param name="faults">Where the test acts meanwhile.</param>
    /// <param name="pluginMakesTables">Leave the tables to the plugin, which a run does not do.</param>
    public JournalledBuffer(
        TemporaryFolder folder,
        BufferSettings? settings = null,
        string payloads = "payloads",
        string? connection = null,
        long segmentBytes = 64 << 20,
        bool pluginMakesTables = false,
        string? owner = null,
        FaultPoints? faults = null
    )
    {
        string runId = settings?.RunId ?? "";
        connection ??= new SqliteConnectionStringBuilder { DataSource = folder.In("journal.db"), Pooling = false }.ToString();
        var place = JournalConnection.Parse(connection);
        JournalDatabase database = new(place.IsServer, place.ConnectionString, "normal", TimeSpan.FromMinutes(1));
        string tables = pluginMakesTables
            ? $"{JournalPlugin.JournalId(runId)}.auto-initialize = on, {JournalPlugin.SnapshotStoreId(runId)}.auto-initialize = on"
            : "";
        if (!pluginMakesTables)
        {
            JournalTables.ReachAsync(database, (_, _) => { }, TimeProvider.System).GetAwaiter().GetResult();
        }

        Config hocon = ConfigurationFactory
            .ParseString(
                string.Join(
                    '\n',
                    ActorTest.Hocon,
                    WireConfiguration.Hocon,
                    WireConfiguration.Strict,
                    JournalPlugin.Hocon(database, runId),
                    tables
                )
            )
            .WithFallback(SqlPersistence.DefaultConfiguration)
            .WithFallback(TestKitBase.DefaultConfig);
        _kit = new TestKit(
            ActorSystem.Create("buffer", BootstrapSetup.Create().WithConfig(hocon).And(new MultiDataOptionsSetup().With(database, runId)))
        );
        settings ??= new BufferSettings(Durable: false, HardStalenessBound: null, SnapshotEvery: 5);
        if (owner is not null)
        {
            _owner = RunOwnership.TakeAsync(database, new OwnerClaim(runId, owner, IsNew: false), default).GetAwaiter().GetResult();
            settings = settings with { Fence = _owner };
        }

        _payloads = _owner is null
            ? new SegmentLog(folder.In(payloads), segmentBytes)
            : new DatabasePayloads(_owner, new OutageRetry("server", TimeSpan.FromMinutes(1), (_, _) => { }, TimeProvider.System));
        Parent = _kit.CreateTestProbe();
        Dispatcher = _kit.CreateTestProbe();
        Learner = _kit.CreateTestProbe();
        Actor = Parent.ChildActorOf(
            TrajectoryBufferActor.Props(_payloads, settings, faults),
            new OneForOneStrategy(error =>
            {
                Parent.Ref.Tell(error.GetBaseException());
                return Directive.Stop;
            })
        );
        Recovered = Parent.ExpectMsg<BufferRecovered>();
        Actor.Tell(new TrajectoryBufferActor.AttachDispatcher(Dispatcher));
    }

    public IActorRef Actor { get; }

    public TestProbe Parent { get; }

    public TestProbe Dispatcher { get; }

    public TestProbe Learner { get; }

    /// <summary>The state that the buffer recovered.</summary>
    public BufferRecovered Recovered { get; }

    public void Admit(params IEnumerable<TrainingGroup> groups)
    {
        foreach (TrainingGroup group in groups)
        {
            Actor.Tell(new AdmitGroup(group));
            Dispatcher.ExpectMsg(new GroupAdmitted(group.Id));
        }
    }

    public void Ask(long from, int groups, LearnerEpoch? epoch = null) =>
        Actor.Tell(new RequestBatch(new PolicyVersion(from), epoch ?? Recovered.Epoch, groups), Learner);

    public BatchPrepared Batch(long from, int groups)
    {
        Ask(from, groups);
        return Learner.ExpectMsg<BatchPrepared>();
    }

    public void Commit(long version, LearnerEpoch? epoch = null) =>
        Actor.Tell(new CommitUpdate(new PolicyVersion(version), epoch ?? Recovered.Epoch, HashLearner.Hash($"{version}")), Learner);

    public void Committed(long version)
    {
        Commit(version);
        Assert.Equal(version, Learner.ExpectMsg<UpdateCommitted>().Version.Value);
        Dispatcher.ExpectMsg<UpdateCommitted>();
    }

    public void Checkpoint(long version)
    {
        Actor.Tell(new CheckpointWritten(new PolicyVersion(version), $"update-{version}"), Learner);
        Learner.ExpectMsg<CheckpointWrittenEvent>();
    }

    /// <summary>The learner is told nothing more by what was said so far.</summary>
    public void LearnerHearsNothing()
    {
        Actor.Tell(TrajectoryBufferActor.Flush.Instance, Learner);
        Learner.ExpectMsg<TrajectoryBufferActor.Flushed>();
    }

    /// <summary>Waits for what the buffer does in the background.</summary>
    public void Eventually(Func<bool> holds, Func<string> found) => _kit.AwaitAssert(() => Assert.True(holds(), found()));

    public void Dispose()
    {
        _kit.Sys.Terminate().GetAwaiter().GetResult();
        _payloads.Dispose();
        _owner?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _kit.Dispose();
    }
}
