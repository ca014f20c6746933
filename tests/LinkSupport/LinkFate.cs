namespace LinkSupport;

/// <summary>What a link does to one message.</summary>
/// <param name="IsLost">It does not arrive.</param>
/// <param name="IsRepeated">It arrives twice.</param>
/// <param name="HeldFor">It arrives after so many later messages; 0 for none.</param>
/// <param name="DelayMilliseconds">It takes so long; 0 for no time. Not for a message that is held.</param>
public readonly record struct LinkFate(bool IsLost, bool IsRepeated, int HeldFor, int DelayMilliseconds)
{
    public override string ToString() =>
        IsLost
            ? "lost"
            : $"{(IsRepeated ? "twice" : "once")}{(HeldFor > 0 ? $" after {HeldFor}" : "")}"
                + (DelayMilliseconds > 0 ? $" in {DelayMilliseconds} ms" : "");
}
