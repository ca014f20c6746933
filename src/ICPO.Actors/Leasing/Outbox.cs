namespace ICPO.Actors.Leasing;

/// <summary>Sent messages of a worker, kept until they are acknowledged. Pure: time is an argument.</summary>
/// <param name="repeat">A message without an acknowledgment is due again after this time.</param>
internal sealed class Outbox<TKey, TMessage>(TimeSpan repeat)
    where TKey : notnull
{
    private readonly Dictionary<TKey, (TMessage Message, TimeSpan Sent)> _open = [];

    /// <summary>The messages that are not acknowledged.</summary>
    public IReadOnlyCollection<TKey> Keys => _open.Keys;

    public bool Contains(TKey key) => _open.ContainsKey(key);

    public void Add(TKey key, TMessage message, TimeSpan now) => _open[key] = (message, now);

    /// <summary>False if it was acknowledged before.</summary>
    public bool Acknowledge(TKey key) => _open.Remove(key);

    /// <summary>Messages to send again; they count as sent now.</summary>
    public IReadOnlyList<TMessage> Due(TimeSpan now)
    {
        TKey[] due = [.. _open.Where(entry => now - entry.Value.Sent >= repeat).Select(entry => entry.Key)];
        List<TMessage> messages = [];
        foreach (TKey key in due)
        {
            TMessage message = _open[key].Message;
            _open[key] = (message, now);
            messages.Add(message);
        }

        return messages;
    }
}
