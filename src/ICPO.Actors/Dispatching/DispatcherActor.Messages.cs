using Akka.Actor;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Dispatching;

/// <summary>Messages of the run to the dispatcher.</summary>
public sealed partial class DispatcherActor
{
    /// <summary>Start dispatching from the state of the journal.</summary>
    /// <param name="Version">Committed updates.</param>
    /// <param name="Buffered">Admitted groups that wait for their update.</param>
    /// <param name="Undecided">Groups dispatched before a restart and not decided; they keep their numbers.</param>
    /// <param name="Next">The first number that the journal does not mention.</param>
    public sealed record Open(PolicyVersion Version, int Buffered, IReadOnlyList<GroupId> Undecided, GroupId Next)
        : INoSerializationVerificationNeeded
    {
        /// <summary>Those of <see cref="Undecided"/> with rollouts in the journal: only the missing ones are leased.</summary>
        public IReadOnlyList<PartialGroup> Kept { get; init; } = [];

        /// <summary>Groups admitted since the base model and not expired; used where groups train more than once.</summary>
        public long Accepted { get; init; }
    }

    /// <summary>
    /// No new groups, no new leases; those that run are cancelled. Answered with <see cref="Drained"/> once they have ended.
    /// </summary>
    public sealed record Drain : INoSerializationVerificationNeeded
    {
        public static Drain Instance { get; } = new();
    }

    /// <summary>No worker holds a lease any longer, and all of their rollouts were sent to the filter.</summary>
    public sealed record Drained : INoSerializationVerificationNeeded
    {
        public static Drained Instance { get; } = new();
    }

    /// <summary>No new groups, no new leases.</summary>
    public sealed record Close : INoSerializationVerificationNeeded
    {
        public static Close Instance { get; } = new();
    }

    /// <summary>Check for overdue leases; sent by a timer.</summary>
    internal sealed record Tick : INoSerializationVerificationNeeded
    {
        public static Tick Instance { get; } = new();
    }
}
