namespace ICPO.Actors.Hosting;

/// <summary>
/// Limits the number of messages of a kind: a peer that reaches a port must not be able to fill the disk with the errors that it causes.
/// Messages are of the same kind if they start with the same text apart from digits. Not thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class LogLimit(TimeProvider time)
{
    /// <summary>Maximum number of messages of a kind in a <see cref="Window"/>.</summary>
    public const int MaxMessages = 20;

    private const int MaxKinds = 256;
    private const int KindLength = 100;
    private readonly Dictionary<string, (long Since, int Messages)> _kinds = [];

    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The number of messages of this kind that were omitted before this one; null if this one is omitted, too.</summary>
    public int? Admit(string message)
    {
        string kind = Kind(message);
        if (!_kinds.ContainsKey(kind) && _kinds.Count >= MaxKinds)
        {
            kind = "";
        }

        (long since, int messages) = _kinds.GetValueOrDefault(kind, (time.GetTimestamp(), 0));
        if (time.GetElapsedTime(since) >= Window)
        {
            _kinds[kind] = (time.GetTimestamp(), 1);
            return Math.Max(0, messages - MaxMessages);
        }

        _kinds[kind] = (since, messages + 1);
        return messages < MaxMessages ? 0 : null;
    }

    private static string Kind(string message) => string.Concat(message.Take(KindLength).Where(character => !char.IsAsciiDigit(character)));
}
