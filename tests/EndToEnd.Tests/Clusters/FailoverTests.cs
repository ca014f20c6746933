namespace EndToEnd.Tests.Clusters;

/// <summary>Runs over several real processes, of which a second one takes the core over when the host of the first one dies.</summary>
public sealed class FailoverTests
{
    private const string NodesJoin = "Nodes join with";
    private const string Training = " training ";

    [Fact]
    public async Task A_core_that_is_killed_is_taken_over_and_the_run_ends_on_the_other_host()
    {
        await using FailoverRun run = await FailoverRun.StartAsync(updates: 120);
        LineProcess[] nodes = [run.StartNode("a"), run.StartNode("b")];
        await nodes[0].WaitForAsync(FailoverRun.Working);

        // It joins while the run goes on.
        await run.StandByAsync();
        await run.ReadyAsync();
        run.First.Kill();
        Assert.True(await run.Second.ExitAsync() == 0, run.Second.Output);
        foreach (LineProcess node in nodes)
        {
            Assert.Equal(0, await node.ExitAsync());
        }

        run.ExpectWholeAtSecond(starts: 2);
    }

    [Fact]
    public async Task A_core_that_stalls_for_longer_than_its_lease_ends_when_it_wakes_up_and_stands_by_when_it_is_resumed()
    {
        await using FailoverRun run = await FailoverRun.StartAsync();
        await run.StandByAsync();
        LineProcess node = run.StartNode("a");
        await run.First.WaitForAsync(Training);
        await run.ReadyAsync();
        await run.First.SignalAsync("STOP");
        await run.Second.WaitForAsync(NodesJoin);

        // Without a node the run cannot end before the first learner stands by.
        node.Kill();
        await run.First.SignalAsync("CONT");
        Assert.Equal(3, await run.First.ExitAsync());
        string said = Assert.Single(run.First.Output.Split('\n'), line => line.StartsWith("icpo: ", StringComparison.Ordinal));
        Assert.Contains("second", said);
        await run.ResumeFirstAsync("standing by");
        run.JoinSecond();
        LineProcess other = run.StartNode("b");
        Assert.Equal((0, 0, 0), (await run.Second.ExitAsync(), await run.First.ExitAsync(), await other.ExitAsync()));
        run.ExpectWholeAtSecond(starts: 2);
    }

    [Fact]
    public async Task A_core_that_is_told_to_end_hands_the_run_over_and_its_nodes_stay()
    {
        await using FailoverRun run = await FailoverRun.StartAsync(updates: 120);
        await run.StandByAsync();
        LineProcess node = run.StartNode("a");
        await node.WaitForAsync(FailoverRun.Working);
        await run.ReadyAsync();
        await run.First.SignalAsync("TERM");
        Assert.True(await run.First.ExitAsync() == 0, run.First.Output);
        Assert.Contains(run.First.Output.Split('\n'), line => line.Contains("second continues", StringComparison.Ordinal));
        Assert.True(await node.ExitAsync() == 0, node.Output);
        Assert.Equal(0, await run.Second.ExitAsync());
        run.ExpectWholeAtSecond(starts: 2);
    }

    [Fact]
    public async Task A_core_that_is_interrupted_ends_the_run_although_a_standby_is_ready()
    {
        await using FailoverRun run = await FailoverRun.StartAsync(updates: 400);
        await run.StandByAsync();
        LineProcess node = run.StartNode("a");
        await node.WaitForAsync(FailoverRun.Working);
        await run.ReadyAsync();
        await run.First.SignalAsync("INT");
        Assert.Equal((130, 0), (await run.First.ExitAsync(), await run.Second.ExitAsync()));
        Assert.True(await node.ExitAsync() == 0, node.Output);
        Assert.DoesNotContain(NodesJoin, run.Second.Output);
    }

    [Fact]
    public async Task A_standby_that_was_killed_and_started_again_at_the_same_address_can_take_over()
    {
        await using FailoverRun run = await FailoverRun.StartAsync(updates: 400);
        string[] address = ["--set", $"cluster.port={FreePorts.Take(1)[0]}"];
        await run.StandByAsync(address);
        LineProcess node = run.StartNode("a");
        await run.ReadyAsync();
        run.Second.Kill();
        await run.StandByAsync(address);
        await run.ReadyAsync();
        run.First.Kill();
        Assert.Equal((0, 0), (await run.Second.ExitAsync(), await node.ExitAsync()));
        run.ExpectWholeAtSecond(starts: 2);
    }

    [Fact]
    public async Task A_run_whose_learners_were_all_killed_goes_on_when_they_are_started_again()
    {
        await using FailoverRun run = await FailoverRun.StartAsync();
        await run.StandByAsync();
        LineProcess node = run.StartNode("a");
        await run.First.WaitForAsync(Training);
        run.First.Kill();
        run.Second.Kill();
        node.Kill();
        await run.ResumeFirstAsync(NodesJoin);
        run.JoinFirst();
        await run.StandByAsync();
        run.StartNode("a");
        Assert.Equal((0, 0), (await run.First.ExitAsync(), await run.Second.ExitAsync()));
        run.ExpectWholeAtFirst(starts: 2);
    }

    [Fact]
    public async Task A_server_that_is_restarted_costs_nothing_and_nobody_takes_over()
    {
        await using FailoverRun run = await FailoverRun.StartAsync();
        await run.StandByAsync();
        LineProcess node = run.StartNode("a");
        await run.First.WaitForAsync(Training);
        await run.Server.KillAsync();
        await run.Server.UpAsync();
        Assert.Equal((0, 0, 0), (await run.First.ExitAsync(), await run.Second.ExitAsync(), await node.ExitAsync()));
        run.ExpectWholeAtFirst(starts: 1);
    }
}
