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
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Wire.Codecs;
using ICPO.Actors.Wire.Segments;

namespace ICPO.Actors.Benchmarks;

/// <summary>
/// The real trajectory buffer on a real journal; filter, dispatcher and learner are played by one actor that does nothing but answer.
/// </summary>
internal sealed class JournalDriver : IAsyncDisposable
{
    public const int GroupsPerUpdate = 32,
        UpdatesPerCheckpoint = 25;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(30);
    private readonly ActorSystem _system;
    private readonly SegmentLog _payloads;
    private readonly IActorRef _actor;

    private JournalDriver(ActorSystem system, SegmentLog payloads, IActorRef actor, BufferRecovered standing) =>
        (_system, _payloads, _actor, Standing) = (system, payloads, actor, standing);

    public BufferRecovered Standing { get; }

    /// <param name="folder">Payloads, and the SQLite file where there is no other database.</param>
    /// <param name="connection">Of the database; null is a SQLite file in the folder.</param>
    public static async Task<JournalDriver> StartAsync(
        string folder,
        string? connection = null,
        bool keepsAll = true,
        string runId = "benchmark"
    )
    {
        JournalSettings settings = IcpoConfiguration.Load().Settings.Journal with { ConnectionString = connection ?? "" };
        var database = JournalDatabase.Of(settings, new RunDirectory(folder));
        await JournalTables.ReachAsync(database, (_, _) => { }, TimeProvider.System);
        Config hocon = ConfigurationFactory
            .ParseString(
                string.Join(
                    '\n',
                    "akka { loglevel = WARNING, stdout-loglevel = OFF }",
                    WireConfiguration.Hocon,
                    JournalPlugin.Hocon(database)
                )
            )
            .WithFallback(SqlPersistence.DefaultConfiguration);
        var system = ActorSystem.Create(
            "benchmark",
            BootstrapSetup.Create().WithConfig(hocon).And(new DataOptionsSetup(JournalPlugin.Options(database)))
        );
        var payloads = new SegmentLog(Path.Combine(folder, "payloads"), keepsAll ? 64 << 20 : 8 << 20);
        var standing = new TaskCompletionSource<BufferRecovered>(TaskCreationOptions.RunContinuationsAsynchronously);
        var buffer = new BufferSettings(settings.Synchronous == "full", null, settings.SnapshotEvery, KeepCheckpoints: 2)
        {
            RunId = runId,
            KeepsAll = keepsAll,
        };
        IActorRef actor = system.ActorOf(Props.Create(() => new Everybody(payloads, buffer, standing)), "everybody");
        return new JournalDriver(system, payloads, actor, await standing.Task.WaitAsync(Deadline));
    }

    /// <summary>
    /// Admits groups, so many of them under way at once, while updates are prepared and committed and checkpoints recorded, until all are
    /// trained.
    /// </summary>
    /// <param name="template">What every group is.</param>
    /// <param name="groups">How many.</param>
    /// <param name="window">How many are under way at once.</param>
    /// <param name="keeps">Each rollout but a group's last is kept first and recorded alone.</param>
    public async Task TrainAsync(TrainingGroup template, long groups, int window, bool keeps = false) =>
        await _actor.Ask<Done>(new Work(template, groups, window, keeps), Deadline);

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate();
        _payloads.Dispose();
    }

    private sealed record Work(TrainingGroup Template, long Groups, int Window, bool Keeps) : INoSerializationVerificationNeeded;

    private sealed record Done : INoSerializationVerificationNeeded;

    private sealed class Everybody : ReceiveActor
    {
        private readonly IActorRef _buffer;
        private IActorRef _asking = ActorRefs.Nobody;
        private Work? _work;
        private LearnerEpoch _epoch;
        private long _next,
            _end,
            _version,
            _last;

        public Everybody(SegmentLog payloads, BufferSettings settings, TaskCompletionSource<BufferRecovered> standing)
        {
            _buffer = Context.ActorOf(TrajectoryBufferActor.Props(payloads, settings));
            Receive<BufferRecovered>(recovered =>
            {
                (_epoch, _next, _version) = (recovered.Epoch, recovered.Next.Value, recovered.Committed.Value);
                _buffer.Tell(new TrajectoryBufferActor.Serve(Self));
                standing.SetResult(recovered);
            });
            Receive<JournalFailed>(failed => standing.TrySetException(failed.Cause));
            Receive<Work>(work =>
            {
                (_work, _asking) = (work, Sender);
                (_end, _last) = (_next + work.Groups, _version + (work.Groups / GroupsPerUpdate));
                for (int under = 0; under < work.Window; under++)
                {
                    Offer();
                }

                Ask();
            });
            Receive<TrajectoryBufferActor.Settled>(_ => { });
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
            Receive<CheckpointRecorded>(_ => Ask());
        }

        private void Offer()
        {
            if (_next < _end)
            {
                var id = new GroupId(_next++);
                foreach (JudgedRollout member in _work!.Keeps ? _work.Template.Members.SkipLast(1) : [])
                {
                    _buffer.Tell(
                        new KeepRollout(
                            member with
                            {
                                Rollout = member.Rollout with { Id = member.Rollout.Id with { Group = id } },
                            },
                            new PolicyVersion(_version)
                        )
                    );
                    _buffer.Tell(TrajectoryBufferActor.ReportSettled.Instance);
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
                _asking.Tell(new Done());
            }
        }
    }
}
