using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Metrics.Sinks;
using ICPO.Actors.Nodes;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Restoring;

namespace ICPO.Actors.Tests.Metrics;

public sealed class NodesSinkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_holds_nodes_that_take_part_and_that_have_left_with_their_faults()
    {
        var directory = new RunDirectory(_folder.Path);
        List<RunLine> mirrored = [];
        using (var sink = new NodesSink(directory, _time, mirrored.Add))
        {
            Assert.Null(NodeRecords.Read(directory));
            sink.Nodes(Report(1, "a", "b"));
            sink.Fault(Fault("b/engine-0", "no memory"));
            sink.Fault(Fault("unknown/engine-0", "no node"));
            _time.Advance(TimeSpan.FromSeconds(3));
            sink.Nodes(Report(2, "a", "c"));
        }

        var read = NodeRecords.Read(directory);
        Assert.NotNull(read);
        Assert.Equal(2, read.Update);
        Assert.Equal(["a", "b", "c"], read.Nodes.Select(node => node.Name));
        Assert.Equal([null, DateTimeOffset.UnixEpoch.AddSeconds(3), null], read.Nodes.Select(node => node.Left));
        Assert.Equal([0, 3], new[] { read.Nodes[0], read.Nodes[2] }.Select(node => node.Joined.ToUnixTimeSeconds()));
        Assert.Equal([(0, null), (1, "no memory"), (0, null)], read.Nodes.Select(node => (node.Faults, node.LastFault)));
        Assert.Equal((RunLineKinds.Nodes, 0L, read.ToJson()), (mirrored[^1].Kind, mirrored[^1].Number, mirrored[^1].Json));
    }

    [Fact]
    public void Nodes_that_end_with_the_run_have_not_left_it()
    {
        var directory = new RunDirectory(_folder.Path);
        var sink = new NodesSink(directory, _time);
        sink.Nodes(Report(1, "a"));
        sink.Dispose();
        sink.Nodes(Report(1));
        Assert.Null(Assert.Single(NodeRecords.Read(directory)!.Nodes).Left);
    }

    [Fact]
    public void A_node_that_joins_again_takes_part_again_and_old_ones_are_forgotten()
    {
        var history = new NodeHistory();
        history.Report(Report(0, "a"), _time.GetUtcNow());
        history.Report(Report(0), _time.GetUtcNow());
        history.Report(Report(0, "a"), _time.GetUtcNow());
        Assert.Null(Assert.Single(history.Records(_time.GetUtcNow()).Nodes).Left);
        for (int i = 0; i < 300; i++)
        {
            history.Report(Report(i, "a", $"node-{i}"), _time.GetUtcNow());
        }

        NodeRecords records = history.Records(_time.GetUtcNow());
        Assert.Equal(102, records.Nodes.Length);
        Assert.Equal(["a", "node-299"], records.Nodes.Where(node => node.Left is null).Select(node => node.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"time\":\"2026-01-01T00:00:00Z\",\"update\":1,\"nodes\":[{}]}")]
    [InlineData("{\"time\":1,\"update\":1,\"nodes\":[]}")]
    public void Other_content_is_an_error_that_names_the_file(string text)
    {
        var directory = new RunDirectory(_folder.Path);
        File.WriteAllText(directory.Nodes, text);
        Assert.Contains(
            directory.Nodes,
            Assert.Throws<InvalidDataException>(() => NodeRecords.Read(directory)).Message,
            StringComparison.Ordinal
        );
    }

    private static NodesReported Report(long update, params string[] names) =>
        new(
            new PolicyVersion(update),
            [
                .. names.Select(name => new NodeStatus
                {
                    Name = name,
                    Roles = ["rollout"],
                    Device = "cpu",
                    Slots = 4,
                    Version = update,
                    Leases = 2,
                    Rollouts = 1,
                    Cases = 0,
                }),
            ]
        );

    private static WorkerFault Fault(string worker, string reason) =>
        new()
        {
            Worker = worker,
            Role = NodeRole.Rollout,
            Epoch = new LearnerEpoch(1),
            Number = 1,
            Reason = reason,
            Pause = TimeSpan.FromSeconds(1),
        };
}
