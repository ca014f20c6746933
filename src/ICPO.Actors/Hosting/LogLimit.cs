namespace ICPO.Actors.Hosting;

/// <summary>
/// Leaves out messages of which there are too many: whoever reaches a port must not be able to fill the disk with the errors that this
/// causes. Messages are of one kind where they begin alike apart from digits. Not thread-safe.
/// </summary>
/// <param name="time">Its clock.</param>
internal sealed class LogLimit(TimeProvider time)
{
    /// <summary>Messages of a kind in a <see cref="Window"/>.</summary>
    public const int MaxMessages = 20;

    private const int MaxKinds = 256;
    private const int KindLength = 100;
    private readonly Dictionary<string, (long Since, int Messages)> _kinds = [];

    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(1);

    /// <summary>How many messages of this kind were left out before this one; null where it is left out too.</summary>
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
