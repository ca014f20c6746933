using ICPO.Actors.Cluster.Telemetry;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Cluster.Tests.Telemetry;

public sealed class NodeStateTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_is_ready_while_it_reaches_the_core_and_holds_what_it_works_with(bool samples)
    {
        var state = new NodeState();
        state.Reachable(true);
        Assert.False(state.IsReady);
        state.Described("run-1");
        state.Prepared(samples);
        Assert.Equal(!samples, state.IsReady);
        state.Loaded(new PolicyVersion(3));
        Assert.True(state.IsReady);
        state.Reachable(false);
        Assert.False(state.IsReady);
        Assert.Equal("run-1", await state.Run);
    }
}
