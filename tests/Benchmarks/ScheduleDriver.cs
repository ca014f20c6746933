using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using ICPO.Actors.Algorithm.Admission;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Buffering;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Dispatching;
using ICPO.Actors.Filtering;
using ICPO.Actors.Journaling;
using ICPO.Actors.Nodes;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Verification;
using ICPO.Actors.Wire.Codecs;
using ICPO.Actors.Wire.Segments;
using TestSupport;

namespace ICPO.Actors.Benchmarks;

/// <summary>
/// The coordination of a run without its computation: dispatcher, node, verifier, filter, buffer and SQLite journal are the product's;
/// engines and learner are simulated and answer at once.
/// </summary>
internal sealed class ScheduleDriver(string folder) : IAsyncDisposable
{
    public const int Siblings = 8;
    public const int GroupsPerUpdate = 32;
    private const int Tokens = 30;
    private const string RunId = "schedule";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);
    private readonly SegmentLog _payloads = new(Path.Combine(folder, "payloads"));
    private ActorSystem? _system;

    /// <summary>Runs until a number of updates is committed.</summary>
    /// <param name="updates">Updates.</param>
    /// <param name="workers">Engines of the node.</param>
    /// <param name="slots">Sequences at once, of all engines together.</param>
    public async Task RunAsync(long updates, int workers, int slots)
    {
        JournalSettings settings = IcpoConfiguration.Load().Settings.Journal;
        var database = JournalDatabase.Create(settings, new RunDirectory(folder));
        await JournalTables.ReachAsync(database, (_, _) => { }, TimeProvider.System);
        Config hocon = ConfigurationFactory
            .ParseString(
                string.Join(
                    '\n',
                    "akka { loglevel = WARNING, stdout-loglevel = OFF }",
                    WireConfiguration.Hocon,
                    JournalPlugin.Hocon(database, RunId)
                )
            )
            .WithFallback(SqlPersistence.DefaultConfiguration);
        _system = ActorSystem.Create(
            "schedule",
            BootstrapSetup.Create().WithConfig(hocon).And(new MultiDataOptionsSetup().With(database, RunId))
        );
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var buffer = new BufferSettings(settings.Synchronous == "full", null, settings.SnapshotEvery, KeepCheckpoints: 2) { RunId = RunId };
        int each = Math.Max(1, slots / workers);
        _system.ActorOf(Props.Create(() => new CoreActor(_payloads, buffer, updates, workers, each, done)), "core");
        await done.Task.WaitAsync(Deadline);
    }

    public async ValueTask DisposeAsync()
    {
        if (_system is not null)
        {
            await _system.Terminate();
        }

        _payloads.Dispose();
    }

    /// <summary>Starts the parts, and stands in for the learner: every batch is committed at once.</summary>
    private sealed class CoreActor : ReceiveActor
    {
        private readonly IActorRef _buffer;
        private readonly (int Workers, int Slots) _node;

        public CoreActor(SegmentLog payloads, BufferSettings settings, long updates, int workers, int slots, TaskCompletionSource done)
        {
            _node = (workers, slots);
            _buffer = Context.ActorOf(TrajectoryBufferActor.Props(payloads, settings), "buffer");
            BufferRecovered? state = null;
            Receive<BufferRecovered>(recovered =>
            {
                state = recovered;
                StartParts(recovered);
                _buffer.Tell(new RequestBatch(recovered.Committed, recovered.Epoch, GroupsPerUpdate));
            });
            Receive<BatchPrepared>(prepared => _buffer.Tell(new CommitUpdate(prepared.From.Next(), prepared.Epoch, new string('0', 64))));
            Receive<UpdateCommitted>(committed =>
            {
                if (committed.Version.Value % 25 == 0)
                {
                    _buffer.Tell(new CheckpointWritten(committed.Version, $"update-{committed.Version.Value:D6}"));
                }

                if (committed.Version.Value >= updates)
                {
                    done.TrySetResult();
                }
                else
                {
                    _buffer.Tell(new RequestBatch(committed.Version, state!.Epoch, GroupsPerUpdate));
                }
            });
            Receive<CheckpointWrittenEvent>(_ => { });
            Receive<JournalFailed>(failed => done.TrySetException(failed.Cause));
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

        private void StartParts(BufferRecovered state)
        {
            var group = new GroupSettings
            {
                PolicyRollouts = Siblings,
                ExpertRollouts = 0,
                GroupsPerUpdate = GroupsPerUpdate,
            };
            var timeout = TimeSpan.FromMinutes(1);
            IActorRef cases = Context.ActorOf(
                CaseDeskActor.Props(new CaseDeskSettings { Epoch = state.Epoch, Timeout = timeout }, TimeProvider.System)
            );
            IActorRef filter = Context.ActorOf(
                FilterActor.Props(
                    new FilterParts
                    {
                        Expert = new ExpertSettings(),
                        Group = group,
                        Seed = 1,
                        Buffer = _buffer,
                        Cases = cases,
                    }
                )
            );
            var planner = new GroupPlanner(new ParityTask(), new LetterTokenizer(), group, new ExpertSettings(), 1);
            var dispatching = new DispatcherSettings(group, new AdmissionSettings { MaxStaleness = 4, MaxRunningGroups = 128 })
            {
                Epoch = state.Epoch,
            };
            IActorRef dispatcher = Context.ActorOf(DispatcherActor.Props(planner, dispatching, filter, TimeProvider.System));
            filter.Tell(new FilterActor.AttachDispatcher(dispatcher));
            _buffer.Tell(new TrajectoryBufferActor.AttachDispatcher(dispatcher));
            IActorRef gateway = Context.ActorOf(
                NodeGatewayActor.Props(
                    new NodeGatewayParts
                    {
                        Epoch = state.Epoch,
                        Run = "",
                        Dispatcher = dispatcher,
                        Filter = filter,
                        Cases = cases,
                    }
                )
            );
            var node = new NodeParts
            {
                Name = "node",
                Device = "none",
                Engines = _node.Workers,
                CreateEngine = _ => new SimulatedEngine(_node.Slots, Tokens),
                Tokenizer = new LetterTokenizer(),
                Sampler = new SamplerSettings { MaxTokens = Tokens },
                Verifier = new ParityVerifier(),
                VerifierTimeout = timeout,
                VerifierParallel = 2 * Environment.ProcessorCount,
            };
            Context.ActorOf(NodeActor.Props(node, gateway));
            dispatcher.Tell(new DispatcherActor.Open(state.Committed, state.Buffered, [.. state.Undecided], state.Next));
        }
    }
}
