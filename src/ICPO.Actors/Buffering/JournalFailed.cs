using Akka.Actor;

namespace ICPO.Actors.Buffering;

/// <summary>The journal cannot be read or written; the run has to end.</summary>
public sealed record JournalFailed(string Message, Exception Cause) : INoSerializationVerificationNeeded;
