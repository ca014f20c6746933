using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Checkpointing;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Learning;
using static ICPO.Actors.Tests.Learning.LearnerStates;

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
        RecordedUpdate other = Recorded(0, HashLearner.Hash("other"));
        await Assert.ThrowsAsync<InvalidDataException>(() => RecoverAsync(new HashLearner(), 1, [], [other]));
    }

    [Fact]
    public async Task Other_weights_than_other_hardware_recorded_are_reported_and_so_are_those_of_all_later_updates()
    {
        var learner = new HashLearner { Hardware = "B" };
        RecordedUpdate[] updates = [Recorded(0) with { Hardware = "A" }, Recorded(1) with { Hardware = "B" }];
        LearnerRecoveryReport report = await RecoverAsync(learner, 2, [], [.. updates]);
        Assert.Equal(("A", 2L), (report.OtherHardware, report.Version.Value));
        Assert.Equal([1L, 2L], report.Different.Select(update => update.Version.Value));
        Assert.Equal(learner.Weights, report.Different[^1].WeightsSha256);
    }

    [Theory]
    [InlineData("A", "A", false)]
    [InlineData("", "B", false)]
    [InlineData("A", "B", true)]
    public async Task Other_weights_are_an_error_on_the_same_or_unknown_hardware_or_where_runs_are_reproducible(
        string recorded,
        string own,
        bool mustRepeat
    )
    {
        LearnerRecovery recovery = new(new HashLearner { Hardware = own }, Assembler(), _store) { MustRepeatExactly = mustRepeat };
        RecordedUpdate other = Recorded(0, HashLearner.Hash("other")) with { Hardware = recorded };
        await Assert.ThrowsAsync<InvalidDataException>(() => recovery.RunAsync(Recovered(1, [], [other]), CancellationToken.None));
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
        RecordedUpdate other = Recorded(0, HashLearner.Hash("other"));
        foreach ((int committed, RecordedUpdate update) in ((int, RecordedUpdate)[])[(3, Recorded(2)), (1, other)])
        {
            LearnerRecovery recovery = new(new HashLearner(), Assembler(), _store) { Damaged = d => causes.Add(d.Error.Message) };
            string message = (
                await Assert.ThrowsAsync<InvalidDataException>(() =>
                    recovery.RunAsync(Recovered(committed, [Named(1)], [update]), CancellationToken.None)
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
            Recovery(new HashLearner()).RunAsync(Recovered(1, [Named(1)], []), canceled.Token)
        );
    }

    public void Dispose() => _folder.Dispose();

    private Task SaveAsync(int version) => Trained(version).SaveAsync(_store.PathOf(new PolicyVersion(version)), CancellationToken.None);

    private LearnerRecovery Recovery(HashLearner learner) =>
        new(learner, Assembler(), _store) { Damaged = damaged => _damaged.Add(damaged.Checkpoint.Directory) };

    private Task<LearnerRecoveryReport> RecoverAsync(
        HashLearner learner,
        int committed,
        int[] checkpoints,
        ImmutableArray<RecordedUpdate> updates
    ) =>
        Recovery(learner)
            .RunAsync(Recovered(committed, [.. checkpoints.Select(version => Named(version))], updates), CancellationToken.None);
}
