using Akka.Actor;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Nodes;
using ICPO.Actors.RunEvents;
using ICPO.Actors.Tests.Fakes;

namespace ICPO.Actors.Tests.Nodes;

public sealed class NodeReportTests : ActorTest
{
    private static readonly LearnerEpoch Epoch = new(3);

    [Fact]
    public void Nodes_are_reported_when_one_joins_or_leaves_and_with_new_weights()
    {
        var events = new RunEventBus();
        events.Subscribe(TestActor, typeof(NodesReported));
        IActorRef node = CreateTestProbe().Ref;
        IActorRef gateway = Sys.ActorOf(
            NodeGatewayActor.Props(
                new NodeGatewayParts
                {
                    Epoch = Epoch,
                    Run = "run-3",
                    Dispatcher = node,
                    Filter = node,
                    Cases = node,
                    Events = events,
                }
            )
        );
        var join = new JoinRun
        {
            Node = "node",
            Roles = [NodeRole.Rollout],
            Device = "cpu",
            Slots = 8,
        };
        gateway.Tell(join, node);
        Assert.Equal("node", Assert.Single(ExpectMsg<NodesReported>().Nodes).Name);
        gateway.Tell(join, node);
        gateway.Tell(new PolicyPublished(new PolicySnapshot(new PolicyVersion(2), Epoch, "policy-2", "", 1)));
        Assert.Equal(2, ExpectMsg<NodesReported>().Update.Value);
        Sys.Stop(node);
        Assert.Empty(ExpectMsg<NodesReported>().Nodes);
    }
}
