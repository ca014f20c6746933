using Akka.Actor;
using ICPO.Actors.Notes;
using ICPO.Actors.Ownership;

namespace ICPO.Actors.Runs;

/// <summary>The messages of the run's actor.</summary>
public sealed partial class RunActor
{
    /// <summary>Stop after the update in progress.</summary>
    public sealed record Stop : INoSerializationVerificationNeeded
    {
        public static Stop Instance { get; } = new();
    }

    private sealed record Begin : INoSerializationVerificationNeeded
    {
        public static Begin Instance { get; } = new();
    }

    private sealed record Reached(RunOwnership? Owner, RunNotes? Notes) : INoSerializationVerificationNeeded;

    private sealed record Beat : INoSerializationVerificationNeeded
    {
        public static Beat Instance { get; } = new();
    }

    private sealed record Beaten(Exception? Missed) : INoSerializationVerificationNeeded;

    private sealed record RecoverAgain : INoSerializationVerificationNeeded
    {
        public static RecoverAgain Instance { get; } = new();
    }

    private sealed record RenewLock : INoSerializationVerificationNeeded
    {
        public static RenewLock Instance { get; } = new();
    }

    private sealed record Failed(Exception Cause) : INoSerializationVerificationNeeded;

    private sealed record Overdue(string What) : INoSerializationVerificationNeeded;

    private sealed record Drained : INoSerializationVerificationNeeded;

    private sealed record Closed(Action Report) : INoSerializationVerificationNeeded;
}
