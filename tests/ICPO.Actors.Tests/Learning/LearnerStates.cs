using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Buffering;
using ICPO.Actors.Checkpointing;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Tests.Learning;

/// <summary>What a learner finds in the journal when it starts.</summary>
internal static class LearnerStates
{
    public static TrainingGroup[] Groups(int update) => [Make.Group(2 * update), Make.Group((2 * update) + 1)];

    public static BatchAssembler Assembler() => new(new GroupSettings(), new ExpertSettings(), updates: 10);

    /// <summary>A learner after updates with <see cref="Groups"/>.</summary>
    public static HashLearner Trained(int updates)
    {
        var learner = new HashLearner();
        for (int update = 0; update < updates; update++)
        {
            learner
                .UpdateAsync(Assembler().Assemble(new PolicyVersion(update), [.. Groups(update)]).Batch, CancellationToken.None)
                .GetAwaiter()
                .GetResult();
        }

        return learner;
    }

    /// <summary>The update after version <paramref name="from"/>, as the journal records it.</summary>
    public static RecordedUpdate Recorded(int from, string? weights = null) =>
        new(new PolicyVersion(from), weights ?? Trained(from + 1).Weights, () => [.. Groups(from)]);

    /// <param name="version">The version of the checkpoint.</param>
    /// <param name="oldest">The oldest version that is kept; null for that of the checkpoint.</param>
    public static CheckpointWrittenEvent Named(int version, int? oldest = null) =>
        new(
            new PolicyVersion(version),
            CheckpointStore.Name(new PolicyVersion(version)),
            oldest is { } kept ? new PolicyVersion(kept) : null
        );

    public static BufferRecovered Recovered(
        int committed,
        ImmutableArray<CheckpointWrittenEvent> checkpoints,
        ImmutableArray<RecordedUpdate> updates
    ) =>
        new()
        {
            Epoch = new LearnerEpoch(1),
            Committed = new PolicyVersion(committed),
            Checkpoints = checkpoints,
            Updates = updates,
            Buffered = 0,
            Undecided = [],
            Next = new GroupId(0),
            Ledger = Ledger.Empty,
        };
}
