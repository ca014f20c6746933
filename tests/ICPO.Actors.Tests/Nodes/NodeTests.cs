using Akka.Actor;
using Akka.TestKit;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Verification;
using ICPO.Actors.Nodes;
using ICPO.Actors.Tests.Fakes;

namespace ICPO.Actors.Tests.Nodes;

public sealed class NodeTests : ActorTest
{
    private static readonly LearnerEpoch Epoch = new(3);
    private static readonly PolicySnapshot Weights = new(new PolicyVersion(2), Epoch, "policy-2", "", 1);
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
        IActorRef node = Sys.ActorOf(NodeActor.Props(Parts(() => [new HashEngine { Slots = 5 }]), TestActor));
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
        IActorRef node = Sys.ActorOf(NodeActor.Props(Parts(() => [new HashEngine()]), TestActor));
        ExpectMsg<JoinRun>();
        node.Tell(new Welcome(Epoch, "", null), TestActor);
        FishForMessage<Demand>(_ => true);
        LastSender.Tell(new Refused("the run is in e4", new LearnerEpoch(4)), TestActor);
        FishForMessage<JoinRun>(_ => true);
        node.Tell(new Welcome(new LearnerEpoch(4), "", null), TestActor);
        FishForMessage<Demand>(demand => demand.Epoch.Value == 4);
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

    private static NodeParts Parts(Func<IReadOnlyList<IGenerationEngine>> engines) =>
        new()
        {
            Name = "node",
            Device = "cpu",
            CreateEngines = engines,
            Tokenizer = new LetterTokenizer(),
            Sampler = new SamplerSettings { MaxTokens = 8 },
            Verifier = new ParityVerifier(),
            VerifierTimeout = TimeSpan.FromMinutes(1),
            VerifierParallel = 7,
            Timings = new ProtocolTimings { Beat = TimeSpan.FromMilliseconds(20) },
        };
}
