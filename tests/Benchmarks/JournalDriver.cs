using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using ICPO.Actors.Buffering;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Journaling;
using ICPO.Actors.Ownership;
using ICPO.Actors.Payloads;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Wire.Codecs;
using ICPO.Actors.Wire.Segments;

namespace ICPO.Actors.Benchmarks;

/// <summary>
/// Runs the trajectory buffer on a real journal; one actor that only responds stands in for filter, dispatcher and learner.
/// </summary>
internal sealed class JournalDriver : IAsyncDisposable
{
    public const int GroupsPerUpdate = 32;
    private const int UpdatesPerCheckpoint = 25;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(30);
    private readonly ActorSystem _system;
    private readonly IPayloadStore _payloads;
    private readonly RunOwnership? _owner;
    private readonly IActorRef _actor;

    private JournalDriver(ActorSystem system, IPayloadStore payloads, RunOwnership? owner, IActorRef actor, BufferRecovered recovered) =>
        (_system, _payloads, _owner, _actor, Recovered) = (system, payloads, owner, actor, recovered);

    public BufferRecovered Recovered { get; }

    /// <summary>The database of the journal.</summary>
    public required JournalDatabase Database { get; init; }

    /// <param name="folder">Directory of the payloads and of the SQLite file, if that is used.</param>
    /// <param name="connection">Connection string; null uses a SQLite file in the folder.</param>
    /// <param name="keepsAll">False deletes what no kept checkpoint needs.</param>
    /// <param name="runId">The run's id.</param>
    /// <param name="place">Where payloads are stored.</param>
    public static async Task<JournalDriver> StartAsync(
        string folder,
        string? connection = null,
        bool keepsAll = true,
        string runId = "benchmark",
        PayloadPlace place = PayloadPlace.Files
    )
    {
        JournalSettings settings = IcpoConfiguration.Load().Settings.Journal with
        {
            ConnectionString = connection ?? "",
            Payloads = place,
            KeepsAll = keepsAll,
        };
        var database = JournalDatabase.Create(settings, new RunDirectory(folder));
        await JournalTables.ReachAsync(database, (_, _) => { }, TimeProvider.System);
        Config hocon = ConfigurationFactory
            .ParseString(
                string.Join(
                    '\n',
                    "akka { loglevel = WARNING, stdout-loglevel = OFF }",
                    WireConfiguration.Hocon,
                    JournalPlugin.Hocon(database, runId)
                )
            )
            .WithFallback(SqlPersistence.DefaultConfiguration);
        var system = ActorSystem.Create(
            "benchmark",
            BootstrapSetup.Create().WithConfig(hocon).And(new MultiDataOptionsSetup().With(database, runId))
        );
        RunOwnership? owner = settings.PayloadsInDatabase
            ? await RunOwnership.TakeAsync(database, new OwnerClaim(runId, "benchmark", IsNew: false), default)
            : null;
        var retry = new OutageRetry("server", TimeSpan.FromMinutes(1), (_, _) => { }, TimeProvider.System);
        IPayloadStore payloads = PayloadStores.Open(new RunDirectory(folder), settings, owner, retry);
        var ready = new TaskCompletionSource<BufferRecovered>(TaskCreationOptions.RunContinuationsAsynchronously);
        var buffer = new BufferSettings(settings.Synchronous == "full", null, settings.SnapshotEvery, KeepCheckpoints: 2)
        {
            RunId = runId,
            KeepsAll = keepsAll,
            Fence = owner,
        };
        IActorRef actor = system.ActorOf(Props.Create(() => new PeersActor(payloads, buffer, ready)), "peers");
        return new JournalDriver(system, payloads, owner, actor, await ready.Task.WaitAsync(Deadline)) { Database = database };
    }

    /// <summary>
    /// Admits groups while updates are prepared and committed and checkpoints recorded, until all groups are trained on.
    /// </summary>
    /// <param name="template">The content of every group.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="window">Groups in flight.</param>
    /// <param name="keeps">True to store each rollout of a group but the last one separately first.</param>
    public async Task TrainAsync(TrainingGroup template, long groups, int window, bool keeps = false) =>
        await _actor.Ask<Done>(new Work(template, groups, window, keeps), Deadline);

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate();
        _payloads.Dispose();
        await (_owner?.DisposeAsync() ?? ValueTask.CompletedTask);

        // As a run does at its end; SQLite merges its log file into the database when the last connection is closed.
        Database.CloseIdle();
    }

    private sealed record Work(TrainingGroup Template, long Groups, int Window, bool Keeps) : INoSerializationVerificationNeeded;

    private sealed record Done : INoSerializationVerificationNeeded;

    private sealed class PeersActor : ReceiveActor
    {
        private readonly IActorRef _buffer;
        private IActorRef _requester = ActorRefs.Nobody;
        private Work? _work;
        private LearnerEpoch _epoch;
        private long _next,
            _end,
            _version,
            _last;

        public PeersActor(IPayloadStore payloads, BufferSettings settings, TaskCompletionSource<BufferRecovered> ready)
        {
            _buffer = Context.ActorOf(TrajectoryBufferActor.Props(payloads, settings));
            Receive<BufferRecovered>(recovered =>
            {
                (_epoch, _next, _version) = (recovered.Epoch, recovered.Next.Value, recovered.Committed.Value);
                _buffer.Tell(new TrajectoryBufferActor.AttachDispatcher(Self));
                ready.SetResult(recovered);
            });
            Receive<JournalFailed>(failed => ready.TrySetException(failed.Cause));
            Receive<Work>(work =>
            {
                (_work, _requester) = (work, Sender);
                (_end, _last) = (_next + work.Groups, _version + (work.Groups / GroupsPerUpdate));
                for (int inFlight = 0; inFlight < work.Window; inFlight++)
                {
                    Offer();
                }

                Ask();
            });
            Receive<TrajectoryBufferActor.Flushed>(_ => { });
            Receive<GroupAdmitted>(_ => Offer());
            Receive<BatchPrepared>(prepared => _buffer.Tell(new CommitUpdate(prepared.From.Next(), _epoch, new string('0', 64))));
            Receive<UpdateCommitted>(
                committed => committed.Version.Value == _version + 1,
                committed =>
                {
                    _version = committed.Version.Value;
                    if (_version % UpdatesPerCheckpoint == 0)
                    {
                        _buffer.Tell(new CheckpointWritten(committed.Version, $"update-{_version:D6}"));
                    }
                    else
                    {
                        Ask();
                    }
                }
            );
            Receive<UpdateCommitted>(_ => { });
            Receive<CheckpointWrittenEvent>(_ => Ask());
        }

        private void Offer()
        {
            if (_next < _end)
            {
                var id = new GroupId(_next++);
                foreach (JudgedRollout member in _work!.Keeps ? _work.Template.Members.SkipLast(1) : [])
                {
                    _buffer.Tell(
                        new StoreRollout(
                            member with
                            {
                                Rollout = member.Rollout with { Id = member.Rollout.Id with { Group = id } },
                            },
                            new PolicyVersion(_version)
                        )
                    );
                    _buffer.Tell(TrajectoryBufferActor.Flush.Instance);
                }

                _buffer.Tell(
                    new AdmitGroup(
                        _work.Template with
                        {
                            Spec = _work.Template.Spec with { Id = id, DispatchedAt = new PolicyVersion(_version) },
                        }
                    )
                );
            }
        }

        private void Ask()
        {
            if (_version < _last)
            {
                _buffer.Tell(new RequestBatch(new PolicyVersion(_version), _epoch, GroupsPerUpdate));
            }
            else
            {
                _requester.Tell(new Done());
            }
        }
    }
}
