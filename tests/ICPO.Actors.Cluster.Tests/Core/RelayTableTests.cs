using System.Collections.Immutable;
using ICPO.Actors.Cluster.Core;

namespace ICPO.Actors.Cluster.Tests.Core;

public sealed class RelayTableTests
{
    [Fact]
    public void Nodes_form_a_tree_in_which_each_has_four_children_and_none_waits_for_a_later_one() =>
        Gen.Int[1, 300]
            .Sample(count =>
            {
                var table = new RelayTable();
                ImmutableArray<Uri>[] sources = [.. Enumerable.Range(0, count).Select(place => table.Sources(1, 2, Node(place)))];
                Assert.All(sources.Index(), node => Assert.All(node.Item, parent => Assert.InRange(Place(parent), 0, node.Index - 1)));
                Assert.All(sources.Take(4), parents => Assert.True(parents.IsEmpty));
                Assert.All(sources.Skip(4), parents => Assert.Equal(2, parents.Distinct().Count()));
                Assert.All(sources.Where(parents => !parents.IsEmpty).CountBy(parents => parents[0]), children =>
                    Assert.InRange(children.Value, 1, 4)
                );
            });

    [Fact]
    public void A_node_that_asks_again_keeps_its_place() =>
        Gen.Int[0, 40]
            .Array[1, 80]
            .Sample(order =>
            {
                var table = new RelayTable();
                var first = new Dictionary<int, ImmutableArray<Uri>>();
                foreach (int node in order)
                {
                    ImmutableArray<Uri> sources = table.Sources(1, 2, Node(node));
                    Assert.Equal(first.TryAdd(node, sources) ? sources : first[node], sources);
                }
            });

    [Fact]
    public void A_node_that_passes_nothing_on_is_nobody_s_parent()
    {
        var table = new RelayTable();
        for (int place = 0; place < 20; place++)
        {
            Assert.Empty(table.Sources(1, 2, null));
        }

        Assert.Empty(table.Sources(1, 2, Node(0)));
    }

    [Fact]
    public void Versions_and_epochs_have_trees_of_their_own()
    {
        var table = new RelayTable();
        foreach (int place in Enumerable.Range(0, 8))
        {
            table.Sources(1, 2, Node(place));
        }

        Assert.Empty(table.Sources(1, 3, Node(9)));
        Assert.Empty(table.Sources(2, 2, Node(9)));
        Assert.NotEmpty(table.Sources(1, 2, Node(9)));
    }

    private static Uri Node(int place) => new($"http://node:{place + 1}/");

    private static int Place(Uri node) => node.Port - 1;
}
