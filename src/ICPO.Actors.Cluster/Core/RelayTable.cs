using System.Collections.Immutable;

namespace ICPO.Actors.Cluster.Core;

/// <summary>
/// Which nodes pass on which weights: a tree in which each node has up to four children, so that the core sends a version four times
/// however many nodes there are. Thread-safe.
/// </summary>
internal sealed class RelayTable
{
    private const int Children = 4;
    private const int MaxRelays = 10_000;
    private const int MaxVersions = 4;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(long Epoch, long Version), List<Uri>> _relays = [];

    /// <summary>Where a node fetches a version before it turns to the core: two parents at most, those of its place in the tree.</summary>
    /// <param name="epoch">The epoch of the weights.</param>
    /// <param name="version">Their version.</param>
    /// <param name="own">The base address at which the node will pass them on; null if it will not.</param>
    public ImmutableArray<Uri> Sources(long epoch, long version, Uri? own)
    {
        lock (_gate)
        {
            List<Uri> relays = Relays((epoch, version));
            int place = own is null ? -1 : relays.IndexOf(own);
            if (place < 0)
            {
                place = relays.Count;
                if (own is not null && place < MaxRelays)
                {
                    relays.Add(own);
                }
            }

            return place < Children ? [] : Parents(relays, (place - Children) / Children);
        }
    }

    private List<Uri> Relays((long Epoch, long Version) weights)
    {
        if (!_relays.TryGetValue(weights, out List<Uri>? relays))
        {
            _relays[weights] = relays = [];
            while (_relays.Count > MaxVersions)
            {
                _relays.Remove(_relays.First().Key);
            }
        }

        return relays;
    }

    private static ImmutableArray<Uri> Parents(List<Uri> relays, int parent) => [relays[parent], relays[parent > 0 ? parent - 1 : 1]];
}
