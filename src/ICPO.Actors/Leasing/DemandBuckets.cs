namespace ICPO.Actors.Leasing;

/// <summary>
/// Workers by the number of units that they can start: one list per number, so that the cost of a move does not depend on the number of
/// workers.
/// </summary>
internal sealed class DemandBuckets<TWorker, TKey>
    where TWorker : notnull
    where TKey : notnull
{
    /// <summary>Larger demands share the last list.</summary>
    private const int Largest = 4095;

    private readonly LinkedList<LeaseHolder<TWorker, TKey>>?[] _lists = new LinkedList<LeaseHolder<TWorker, TKey>>?[Largest + 1];
    private int _top;

    /// <summary>Units that all of the workers together can start.</summary>
    public long Available { get; private set; }

    /// <summary>Workers, those that can start most first; of equals the one that has been here longest.</summary>
    public IEnumerable<LeaseHolder<TWorker, TKey>> Descending
    {
        get
        {
            for (int at = Top(); at > 0; at--)
            {
                foreach (LeaseHolder<TWorker, TKey> holder in _lists[at] ?? [])
                {
                    yield return holder;
                }
            }
        }
    }

    /// <summary>The worker that can start most; null without any.</summary>
    public LeaseHolder<TWorker, TKey>? First => Top() > 0 ? _lists[_top]!.First!.Value : null;

    public void Add(LinkedListNode<LeaseHolder<TWorker, TKey>> place, int units)
    {
        int at = Math.Min(units, Largest);
        (_lists[at] ??= new LinkedList<LeaseHolder<TWorker, TKey>>()).AddLast(place);
        _top = Math.Max(_top, at);
        Available += units;
    }

    public void Remove(LinkedListNode<LeaseHolder<TWorker, TKey>> place, int units)
    {
        place.List!.Remove(place);
        Available -= units;
    }

    private int Top()
    {
        while (_top > 0 && _lists[_top] is not { Count: > 0 })
        {
            _top--;
        }

        return _top;
    }
}
