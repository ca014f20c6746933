using Akka.Actor;
using ICPO.Actors.Journaling;

namespace ICPO.Actors.Buffering;

/// <summary>The journal cannot be read or written; the run has to end.</summary>
public sealed record JournalFailed(string Message, Exception Cause) : INoSerializationVerificationNeeded
{
    /// <summary>True if another process has written an event of the number that this one would write.</summary>
    public bool IsOvertaken => OutageRetry.IsDuplicate(Cause);
}
