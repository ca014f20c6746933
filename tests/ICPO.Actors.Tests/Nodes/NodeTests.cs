using Akka.Actor;
using Akka.TestKit;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Verification;
using ICPO.Actors.Nodes;
using ICPO.Actors.RunEvents;
using ICPO.Actors.Tests.Fakes;

namespace ICPO.Actors.Tests.Nodes;

public sealed class NodeTests : ActorTest
{
    private static readonly LearnerEpoch Epoch = new(3);
    private static readonly PolicySnapshot Weights = new(new PolicyVersion(2), Epoch, "policy-2", "", 1);
    private readonly RunEventBus _events = new();
    private readonly TestProbe _dispatcher;
    private readonly TestProbe _filter;
    private readonly TestProbe _cases;
    private readonly IActorRef _gateway;

    public NodeTests()
    {
        (_dispatcher, _filter, _cases) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        _gateway = Sys.ActorOf(
            NodeGatewayActor.Props(
                new NodeGatewayParts
                {
                    Epoch = Epoch,
                    Run = "run-3",
                    Dispatcher = _dispatcher,
                    Filter = _filter,
                    Cases = _cases,
                    Events = _events,
                }
            )
        );
    }

    [Fact]
    public void A_node_that_joins_is_welcome_as_often_as_it_asks_and_hears_of_new_weights()
    {
        var join = new JoinRun
        {
            Node = "node",
            Roles = [NodeRole.Rollout],
            Device = "cpu",
            Slots = 8,
        };
        _gateway.Tell(join, TestActor);
        Assert.Equal(new Welcome(Epoch, "run-3", null), ExpectMsg<Welcome>());
        _gateway.Tell(new PolicyPublished(Weights));
        Assert.Equal(Weights, ExpectMsg<PolicyPublished>().Snapshot);
        _gateway.Tell(join, TestActor);
        Assert.Equal(Weights, ExpectMsg<Welcome>().Weights);
    }

    [Fact]
    public void Messages_of_another_epoch_are_refused_with_an_answer()
    {
        LeaseId lease = Make.Lease(0).Id;
        var old = new LearnerEpoch(2);
        object[] refused =
        [
            Demand(old, 0),
            Demand(new LearnerEpoch(4), 0),
            new LeaseProgress(lease, old, 1),
            new LeaseFailed(lease, old, "", false),
            new RolloutDelivered(lease, new LearnerEpoch(4), Make.Rollout(Make.Spec(0), Origin.Policy, 0)),
            new CaseDemand
            {
                Worker = "",
                Epoch = old,
                Sequence = 0,
                Free = 0,
            },
            new CaseJudged(default, old, Judgment.Correct()),
        ];
        foreach (object message in refused)
        {
            _gateway.Tell(message, TestActor);
            Assert.Equal(Epoch, ExpectMsg<Refused>().Epoch);
        }
    }

    [Fact]
    public void A_rollout_of_an_earlier_epoch_is_passed_on_with_its_sender()
    {
        var delivered = new RolloutDelivered(Make.Lease(0).Id, new LearnerEpoch(1), Make.Rollout(Make.Spec(0), Origin.Policy, 0));
        _gateway.Tell(delivered, TestActor);
        Assert.Same(delivered, _filter.ExpectMsg<RolloutDelivered>());
        Assert.Equal(TestActor, _filter.LastSender);
    }

    [Fact]
    public void A_worker_whose_weights_are_old_is_named_the_newest_again()
    {
        _gateway.Tell(new PolicyPublished(Weights));
        _gateway.Tell(Demand(Epoch, 1), TestActor);
        Assert.Equal(Weights, ExpectMsg<PolicyPublished>().Snapshot);
        _gateway.Tell(Demand(Epoch, 2), TestActor);
        _gateway.Tell(new Identify("nothing more"), TestActor);
        ExpectMsg<ActorIdentity>();
        Assert.Equal([1, 2], new[] { _dispatcher.ExpectMsg<Demand>(), _dispatcher.ExpectMsg<Demand>() }.Select(one => one.Version.Value));
    }

    [Fact]
    public void A_node_asks_to_join_until_it_is_welcome_and_its_workers_ask_for_work_then()
    {
        IActorRef node = Sys.ActorOf(NodeActor.Props(Parts(() => new HashEngine { Slots = 5 }), TestActor));
        for (int again = 0; again < 3; again++)
        {
            Assert.Equal(("node", 5), ExpectMsg<JoinRun>() is var join ? (join.Node, join.Slots) : default);
        }

        node.Tell(new Welcome(Epoch, "", null), TestActor);
        (bool engine, bool verifier) = (false, false);
        while (!engine || !verifier)
        {
            switch (ReceiveOne(TimeSpan.FromSeconds(60)))
            {
                case Demand demand:
                    Assert.Equal((5, Epoch), (demand.Free, demand.Epoch));
                    engine = true;
                    break;
                case CaseDemand demand:
                    Assert.Equal((7, Epoch), (demand.Free, demand.Epoch));
                    verifier = true;
                    break;
            }
        }
    }

    [Fact]
    public void A_node_whose_worker_is_refused_joins_the_new_epoch()
    {
        IActorRef node = Sys.ActorOf(NodeActor.Props(Parts(() => new HashEngine()), TestActor));
        ExpectMsg<JoinRun>();
        node.Tell(new Welcome(Epoch, "", null), TestActor);
        FishForMessage<Demand>(_ => true);
        LastSender.Tell(new Refused("the run is in e4", new LearnerEpoch(4)), TestActor);
        FishForMessage<JoinRun>(_ => true);
        node.Tell(new Welcome(new LearnerEpoch(4), "", null), TestActor);
        FishForMessage<Demand>(demand => demand.Epoch.Value == 4);
    }

    [Theory]
    [InlineData(NodeRole.Rollout)]
    [InlineData(NodeRole.Verifier)]
    public void A_fault_is_reported_once_however_often_the_node_repeats_it(NodeRole role)
    {
        TestProbe metrics = CreateTestProbe();
        _events.Subscribe(metrics, typeof(WorkerFault));
        foreach (long number in new[] { 1, 1, 2, 1, 2 })
        {
            _gateway.Tell(Fault(role, number, Epoch), TestActor);
        }

        _gateway.Tell(Fault(role, 3, new LearnerEpoch(2)), TestActor);
        ExpectMsg<Refused>();
        TestProbe desk = role == NodeRole.Verifier ? _cases : _dispatcher;
        Assert.Equal([1, 2], new[] { desk, metrics, desk, metrics }.Select(probe => probe.ExpectMsg<WorkerFault>().Number).Distinct());
        _gateway.Tell(Demand(Epoch, 0), TestActor);
        _dispatcher.ExpectMsg<Demand>();
    }

    [Fact]
    public void An_engine_that_ends_is_created_again_after_a_pause_and_asks_for_work()
    {
        List<OnceDisposed> engines = [];
        Sys.ActorOf(
            NodeActor.Props(
                Parts(() =>
                {
                    Assert.All(engines, engine => Assert.True(engine.IsDisposed));
                    engines.Add(new OnceDisposed(fails: engines.Count < 3));
                    return engines[^1];
                }),
                TestActor
            )
        );
        ExpectMsg<JoinRun>();
        LastSender.Tell(new Welcome(Epoch, "", Weights: null), TestActor);
        foreach (int number in new[] { 1, 2, 3 })
        {
            FishForMessage<Demand>(demand => demand.Worker == "node/engine-0" && demand.Held.IsEmpty);
            LastSender.Tell(Make.Lease(number, seeds: 1) with { Epoch = Epoch }, TestActor);
            WorkerFault fault = FishForMessage<WorkerFault>(fault => fault.Number == number);
            Assert.Equal(("node/engine-0", NodeRole.Rollout, Epoch), (fault.Worker, fault.Role, fault.Epoch));
            Assert.Equal(fault, FishForMessage<WorkerFault>(_ => true));
        }

        FishForMessage<Demand>(demand => demand.Worker == "node/engine-0" && demand.Held.IsEmpty);
        LastSender.Tell(Make.Lease(4, seeds: 1) with { Epoch = Epoch }, TestActor);
        Assert.Equal(4, FishForMessage<RolloutDelivered>(_ => true).Lease.Group.Value);
        Assert.Equal(4, engines.Count);
    }

    [Fact]
    public void An_engine_that_runs_out_of_memory_before_it_has_done_anything_ends_the_node()
    {
        TestProbe parent = CreateTestProbe();
        IActorRef node = parent.ChildActorOf(
            NodeActor.Props(
                Parts(() => new HashEngine { BeforeSampling = (_, _) => throw new InsufficientMemoryException("too large") }),
                TestActor
            ),
            new OneForOneStrategy(error =>
            {
                parent.Ref.Tell(error);
                return Directive.Stop;
            })
        );
        ExpectMsg<JoinRun>();
        node.Tell(new Welcome(Epoch, "", Weights: null), TestActor);
        FishForMessage<Demand>(_ => true);
        LastSender.Tell(Make.Lease(0, seeds: 1) with { Epoch = Epoch }, TestActor);
        Assert.Equal("too large", parent.FishForMessage<InvalidOperationException>(_ => true).Message);
    }

    private static WorkerFault Fault(NodeRole role, long number, LearnerEpoch epoch) =>
        new()
        {
            Worker = "node/worker",
            Role = role,
            Epoch = epoch,
            Number = number,
            Reason = "gone",
            Pause = TimeSpan.FromSeconds(1),
        };

    /// <summary>An engine that ends at its first request, and can be ended once.</summary>
    private sealed class OnceDisposed(bool fails) : IGenerationEngine
    {
        private readonly HashEngine _engine = new();

        public bool IsDisposed { get; private set; }

        public PolicyVersion Version => _engine.Version;

        public int Slots => _engine.Slots;

        public IAsyncEnumerable<GeneratedSequence> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken) =>
            fails ? throw new ObjectDisposedException("engine") : _engine.GenerateAsync(request, cancellationToken);

        public Task SwapAsync(PolicySnapshot snapshot, CancellationToken cancellationToken) =>
            _engine.SwapAsync(snapshot, cancellationToken);

        public ValueTask DisposeAsync()
        {
            Assert.False(IsDisposed);
            IsDisposed = true;
            return default;
        }
    }

    private static Demand Demand(LearnerEpoch epoch, long version) =>
        new()
        {
            Worker = "engine",
            Epoch = epoch,
            Sequence = version,
            Free = 1,
            Version = new PolicyVersion(version),
        };

    private static NodeParts Parts(Func<IGenerationEngine> engine) =>
        new()
        {
            Name = "node",
            Device = "cpu",
            Engines = 1,
            CreateEngine = _ => engine(),
            Tokenizer = new LetterTokenizer(),
            Sampler = new SamplerSettings { MaxTokens = 8 },
            Verifier = new ParityVerifier(),
            VerifierTimeout = TimeSpan.FromMinutes(1),
            VerifierParallel = 7,
            Timings = new ProtocolTimings { Beat = TimeSpan.FromMilliseconds(20), FirstPause = TimeSpan.FromMilliseconds(60) },
        };
}
