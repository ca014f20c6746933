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
using ICPO.Actors.Learning;

namespace ICPO.Actors.Tests.Learning;

/// <summary>Recovery as a procedure: no actor takes part.</summary>
public sealed class LearnerRecoveryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CheckpointStore _store;
    private readonly List<string> _damaged = [];

    public LearnerRecoveryTests() => _store = new CheckpointStore(_folder.Folder("checkpoints"), _folder.Folder("policies"));

    [Fact]
    public async Task The_newest_checkpoint_is_restored_and_only_the_updates_after_it_are_redone()
    {
        await SaveAsync(1);
        await SaveAsync(2);
        var learner = new HashLearner();
        LearnerRecoveryReport report = await RecoverAsync(learner, 3, [2, 1], [Recorded(1), Recorded(2)]);
        Assert.Equal((3L, 2L), (report.Version.Value, report.Checkpointed!.Value.Value));
        Assert.Equal([3L], report.Redone.Select(version => version.Value));
        Assert.Equal(Trained(3).Weights, learner.Weights);
        Assert.Empty(_damaged);
    }

    [Fact]
    public async Task Without_a_checkpoint_every_update_is_redone_from_the_base_model()
    {
        var learner = new HashLearner();
        LearnerRecoveryReport report = await RecoverAsync(learner, 2, [], [Recorded(0), Recorded(1)]);
        Assert.Null(report.Checkpointed);
        Assert.Equal([1L, 2L], report.Redone.Select(version => version.Value));
        Assert.Equal(Trained(2).Weights, learner.Weights);
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_reported_and_written_again_from_the_one_before_it()
    {
        await SaveAsync(1);
        await File.WriteAllTextAsync(Path.Combine(_folder.Folder("checkpoints/update-000002.0a.tmp"), "state"), "unfinished");
        LearnerRecoveryReport report = await RecoverAsync(new HashLearner(), 3, [2, 1], [Recorded(1), Recorded(2)]);
        Assert.Equal(["update-000002"], _damaged);
        Assert.Equal(2, report.Checkpointed!.Value.Value);
        var restored = new HashLearner();
        await restored.RestoreAsync(_store.PathOf(new PolicyVersion(2)), CancellationToken.None);
        Assert.Equal(Trained(2).Weights, restored.Weights);
        Assert.Equal(2, Directory.GetDirectories(_folder.In("checkpoints")).Length);
    }

    [Fact]
    public async Task Other_weights_than_recorded_are_an_error()
    {
        var other = new RecordedUpdate(new PolicyVersion(0), HashLearner.Hash("other"), () => [.. Groups(0)]);
        await Assert.ThrowsAsync<InvalidDataException>(() => RecoverAsync(new HashLearner(), 1, [], [other]));
    }

    [Fact]
    public async Task A_gap_between_the_checkpoints_and_the_journal_is_an_error()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => RecoverAsync(new HashLearner(), 3, [2], [Recorded(2)]));
        Assert.Equal(["update-000002"], _damaged);
    }

    [Fact]
    public async Task Why_a_checkpoint_was_not_restored_is_part_of_the_errors_that_follow_from_it()
    {
        List<string> causes = [];
        var other = new RecordedUpdate(new PolicyVersion(0), HashLearner.Hash("other"), () => [.. Groups(0)]);
        foreach ((int committed, RecordedUpdate update) in ((int, RecordedUpdate)[])[(3, Recorded(2)), (1, other)])
        {
            LearnerRecovery recovery = new(new HashLearner(), Assembler(), _store) { Damaged = d => causes.Add(d.Error.Message) };
            string message = (
                await Assert.ThrowsAsync<InvalidDataException>(() =>
                    recovery.RunAsync(State(committed, [1], [update]), CancellationToken.None)
                )
            ).Message;
            Assert.EndsWith(causes[^1], message);
        }
    }

    [Fact]
    public async Task It_ends_when_it_is_canceled()
    {
        using var canceled = new CancellationTokenSource();
        await canceled.CancelAsync();
        await SaveAsync(1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Recovery(new HashLearner()).RunAsync(State(1, [1], []), canceled.Token)
        );
    }

    public void Dispose() => _folder.Dispose();

    private static TrainingGroup[] Groups(int update) => [Make.Group(2 * update), Make.Group((2 * update) + 1)];

    private static BatchAssembler Assembler() => new(new GroupSettings(), new ExpertSettings(), updates: 10);

    private static HashLearner Trained(int updates)
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

    private static RecordedUpdate Recorded(int from) => new(new PolicyVersion(from), Trained(from + 1).Weights, () => [.. Groups(from)]);

    private static BufferRecovered State(int committed, int[] checkpoints, ImmutableArray<RecordedUpdate> updates) =>
        new()
        {
            Epoch = new LearnerEpoch(2),
            Committed = new PolicyVersion(committed),
            Checkpoints =
            [
                .. checkpoints.Select(version => new CheckpointWrittenEvent(
                    new PolicyVersion(version),
                    CheckpointStore.Name(new PolicyVersion(version))
                )),
            ],
            Updates = updates,
            Buffered = 0,
            Undecided = [],
            Next = new GroupId(0),
            Ledger = Ledger.Empty,
        };

    private Task SaveAsync(int version) => Trained(version).SaveAsync(_store.PathOf(new PolicyVersion(version)), CancellationToken.None);

    private LearnerRecovery Recovery(HashLearner learner) =>
        new(learner, Assembler(), _store) { Damaged = damaged => _damaged.Add(damaged.Checkpoint.Directory) };

    private Task<LearnerRecoveryReport> RecoverAsync(
        HashLearner learner,
        int committed,
        int[] checkpoints,
        ImmutableArray<RecordedUpdate> updates
    ) => Recovery(learner).RunAsync(State(committed, checkpoints, updates), CancellationToken.None);
}
