using System.Collections.Concurrent;

namespace LinkSupport;

/// <summary>What links did to each kind of message.</summary>
public sealed class LinkCounts
{
    private readonly ConcurrentDictionary<(string Kind, string Fate), long> _counts = new();

    public void Add(object message, string fate) => _counts.AddOrUpdate((message.GetType().Name, fate), 1, (_, count) => count + 1);

    public long this[string kind, string fate] => _counts.GetValueOrDefault((kind, fate));

    public IReadOnlyList<string> Kinds => [.. _counts.Keys.Select(key => key.Kind).Distinct().Order(StringComparer.Ordinal)];
}
