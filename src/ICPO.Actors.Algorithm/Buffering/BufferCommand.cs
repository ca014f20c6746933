using System.Collections.Immutable;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Buffering;

/// <summary>A command to the trajectory buffer; <see cref="BufferState.Decide"/> determines the events that follow.</summary>
public abstract record BufferCommand
{
    private BufferCommand() { }

    /// <summary>Starts the next learner epoch; rollouts whose payloads cannot be read are dropped, to be sampled again.</summary>
    /// <param name="Unreadable">The rollouts to drop.</param>
    /// <param name="Least">The minimum epoch: that of the core that owns the run.</param>
    public sealed record StartEpoch(ImmutableArray<RolloutId> Unreadable, long Least = 0) : BufferCommand;

    /// <summary>Records rollouts of open groups and complete groups. Their payloads are already written.</summary>
    public sealed record Admit(ImmutableArray<RolloutStoredEvent> Rollouts, ImmutableArray<GroupAdmittedEvent> Groups) : BufferCommand;

    /// <summary>Records that nothing of an undecided group trains.</summary>
    public sealed record Reject(GroupId Group, GroupRejection Reason, ImmutableArray<DroppedRollout> Dropped) : BufferCommand;

    /// <summary>Chooses the groups of the next update.</summary>
    /// <param name="From">The version that the learner holds.</param>
    /// <param name="Epoch">The learner's epoch.</param>
    /// <param name="Groups">Groups per update.</param>
    /// <param name="MaxStaleness">Groups dispatched more updates ago than this are rejected; null trains all.</param>
    public sealed record PrepareBatch(PolicyVersion From, LearnerEpoch Epoch, int Groups, int? MaxStaleness) : BufferCommand
    {
        /// <summary>Groups that were admitted more updates ago than this are rejected; null trains all.</summary>
        public int? MaxQueueAge { get; init; }

        /// <summary>How groups are chosen and how often each trains.</summary>
        public SelectionSettings Selection { get; init; } = new();

        /// <summary>The run's seed, for a random choice.</summary>
        public ulong Seed { get; init; }
    }

    /// <summary>Records that the prepared update made <paramref name="Version"/>.</summary>
    public sealed record Commit(PolicyVersion Version, LearnerEpoch Epoch, string WeightsSha256) : BufferCommand
    {
        /// <summary>The hardware that computed it; empty if it is not known.</summary>
        public string Hardware { get; init; } = "";
    }

    /// <summary>Records other weights of committed updates that were repeated on other hardware.</summary>
    public sealed record RecordRedone(LearnerEpoch Epoch, string Hardware, ImmutableArray<RedoneUpdate> Updates) : BufferCommand;

    /// <summary>Records a complete checkpoint; at most <paramref name="Keep"/> checkpoints stay restorable.</summary>
    public sealed record RecordCheckpoint(PolicyVersion Version, string Directory, int Keep) : BufferCommand;
}
