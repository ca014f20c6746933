namespace ICPO.Actors.Modeling.Inference;

/// <summary>What the batch does when memory is scarce.</summary>
internal sealed partial class RunningBatch
{
    /// <summary>
    /// Recovers from an out-of-memory error: restarts every sequence in flight and halves the number of slots.
    /// </summary>
    public void Halve()
    {
        OpenRequest[] open = [.. Open.Distinct().Where(request => !request.IsComplete)];
        Volatile.Write(ref _limit, Math.Max(1, _limit / 2));
        _active.Clear();
        _admissions.Clear();
        _queue.Clear();
        _free.Clear();
        for (int slot = _limit - 1; slot >= 0; slot--)
        {
            _free.Push(slot);
        }

        foreach (OpenRequest request in open)
        {
            request.Restart();
            _queue.Enqueue(request);
        }
    }
}
