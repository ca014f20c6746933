using Akka.Actor;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;

namespace ICPO.Actors.Tests.Buffering;

public sealed class TrajectoryBufferActorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void What_was_acknowledged_is_there_after_a_restart()
    {
        using (var buffer = new JournalledBuffer(_folder))
        {
            buffer.Admit(Make.Group(0), Make.Group(2));
            buffer.Actor.Tell(
                new RejectGroup(
                    Make.Spec(3),
                    GroupRejection.NoSignal,
                    [new DroppedRollout(new RolloutId(new GroupId(3), Origin.Policy, 0), 4, DropReason.GroupRejected)]
                )
            );
            buffer.Dispatcher.ExpectMsg<GroupRejected>();
        }

        using (var buffer = new JournalledBuffer(_folder))
        {
            BufferRecovered standing = buffer.Recovered;
            Assert.Equal((2, 4), (standing.Epoch.Value, standing.Next.Value));
            Assert.Equal([1L], standing.Undecided.Select(id => id.Value));
            Assert.Equal((2, 2L, 1L), (standing.Buffered, standing.Ledger.GroupsAdmitted, standing.Ledger.GroupsRejected));
            Assert.True(standing.Ledger.Closes);
            Assert.Equal(Make.Text([Make.Group(0), Make.Group(2)]), Make.Text(buffer.Batch(0, 2).Groups));
        }
    }

    [Fact]
    public void A_prepared_batch_comes_again_unchanged_though_older_groups_have_come_since()
    {
        string first;
        using (var buffer = new JournalledBuffer(_folder))
        {
            buffer.Admit(Make.Group(1), Make.Group(2));
            first = Make.Text(buffer.Batch(0, 2).Groups);
            buffer.Admit(Make.Group(0), Make.Group(3));
        }

        for (int restart = 0; restart < 2; restart++)
        {
            using var buffer = new JournalledBuffer(_folder);
            Assert.Equal(first, Make.Text(buffer.Batch(0, 2).Groups));
        }

        using (var buffer = new JournalledBuffer(_folder))
        {
            buffer.Batch(0, 2);
            buffer.Committed(1);
            Assert.Equal(Make.Text([Make.Group(0), Make.Group(3)]), Make.Text(buffer.Batch(1, 2).Groups));
        }
    }

    [Fact]
    public void Commits_that_no_checkpoint_covers_come_with_their_groups_to_be_made_again()
    {
        using (var buffer = new JournalledBuffer(_folder))
        {
            buffer.Admit(Enumerable.Range(0, 8).Select(id => Make.Group(id)));
            for (int update = 0; update < 3; update++)
            {
                buffer.Batch(update, 2);
                buffer.Committed(update + 1);
                if (update == 0)
                {
                    buffer.Checkpoint(1);
                }
            }
        }

        using (var buffer = new JournalledBuffer(_folder))
        {
            BufferRecovered standing = buffer.Recovered;
            Assert.Equal(
                (3, 1, "update-1"),
                (standing.Committed.Value, standing.Checkpoints.Single().Version.Value, standing.Checkpoints.Single().Directory)
            );
            Assert.Equal(
                [
                    (1, HashLearner.Hash("2"), Make.Text([Make.Group(2), Make.Group(3)])),
                    (2, HashLearner.Hash("3"), Make.Text([Make.Group(4), Make.Group(5)])),
                ],
                standing.Updates.Select(update => (update.From.Value, update.WeightsSha256, Make.Text(update.Load())))
            );
            Assert.Equal((2, 6L), (standing.Buffered, standing.Ledger.GroupsConsumed));
            Assert.True(standing.Ledger.Closes);
        }
    }

    [Fact]
    public void A_batch_waits_until_there_are_enough_groups_and_holds_the_oldest()
    {
        using var buffer = new JournalledBuffer(_folder);
        buffer.Admit(Make.Group(5));
        buffer.Ask(0, 2);
        buffer.LearnerHearsNothing();
        buffer.Admit(Make.Group(1));
        Assert.Equal([1L, 5L], buffer.Learner.ExpectMsg<BatchPrepared>().Groups.Select(group => group.Id.Value));
    }

    [Fact]
    public void A_group_that_is_offered_twice_is_stored_once()
    {
        using var buffer = new JournalledBuffer(_folder);
        buffer.Admit(Make.Group(0));
        buffer.Actor.Tell(new AdmitGroup(Make.Group(0)));
        buffer.Admit(Make.Group(1));
        buffer.Ask(0, 3);
        buffer.LearnerHearsNothing();
    }

    [Fact]
    public void An_older_epoch_and_a_second_commit_are_refused()
    {
        using (var earlier = new JournalledBuffer(_folder))
        {
            earlier.Admit(Make.Group(0), Make.Group(1));
        }

        using var buffer = new JournalledBuffer(_folder);
        var old = new LearnerEpoch(1);
        buffer.Ask(0, 1, old);
        LearnerIsRefused(buffer);
        buffer.Ask(1, 1);
        LearnerIsRefused(buffer);

        buffer.Batch(0, 1);
        buffer.Commit(1, old);
        LearnerIsRefused(buffer);
        buffer.Commit(2);
        LearnerIsRefused(buffer);

        buffer.Committed(1);
        buffer.Actor.Tell(
            new CommitUpdate(new PolicyVersion(1), buffer.Recovered.Epoch, HashLearner.Hash("other weights")),
            buffer.Learner
        );
        LearnerIsRefused(buffer);
    }

    [Fact]
    public void Updates_that_were_repeated_on_other_hardware_have_its_weights_after_a_restart()
    {
        RedoneUpdate redone = new(new PolicyVersion(1), HashLearner.Hash("of other hardware"));
        using (var buffer = new JournalledBuffer(_folder))
        {
            buffer.Admit(Make.Group(0));
            buffer.Batch(0, 1);
            buffer.Committed(1);
            buffer.Actor.Tell(new RecordRedone(new LearnerEpoch(7), "B", [redone]), buffer.Learner);
            LearnerIsRefused(buffer);
            buffer.Actor.Tell(
                new RecordRedone(buffer.Recovered.Epoch, "B", [redone with { Version = new PolicyVersion(2) }]),
                buffer.Learner
            );
            LearnerIsRefused(buffer);
            buffer.Actor.Tell(new RecordRedone(buffer.Recovered.Epoch, "B", [redone]), buffer.Learner);
            Assert.Equal(redone, Assert.Single(buffer.Learner.ExpectMsg<UpdatesRedoneEvent>().Updates));
        }

        using (var buffer = new JournalledBuffer(_folder))
        {
            RecordedUpdate recorded = Assert.Single(buffer.Recovered.Updates);
            Assert.Equal((redone.WeightsSha256, "B"), (recorded.WeightsSha256, recorded.Hardware));
            Assert.Equal(1, buffer.Recovered.Ledger.GroupsConsumed);
        }
    }

    [Fact]
    public void A_commit_and_a_checkpoint_that_are_repeated_are_recorded_once_and_answered_again()
    {
        using (var buffer = new JournalledBuffer(_folder))
        {
            buffer.Admit(Make.Group(0), Make.Group(1));
            Assert.Equal(Make.Text(buffer.Batch(0, 1).Groups), Make.Text(buffer.Batch(0, 1).Groups));
            buffer.Committed(1);
            buffer.Committed(1);
            buffer.Checkpoint(1);
            buffer.Checkpoint(1);
            buffer.Batch(1, 1);
        }

        using (var buffer = new JournalledBuffer(_folder))
        {
            Assert.Equal((1, 1), (buffer.Recovered.Committed.Value, buffer.Recovered.Checkpoints.Length));
            Assert.Equal(1, buffer.Recovered.Ledger.GroupsConsumed);
        }
    }

    [Fact]
    public void A_group_that_is_prepared_cannot_be_rejected_and_the_journal_stays_readable()
    {
        using (var buffer = new JournalledBuffer(_folder))
        {
            buffer.Admit(Make.Group(0), Make.Group(1));
            buffer.Batch(0, 2);
            buffer.Actor.Tell(new RejectGroup(Make.Spec(1), GroupRejection.NoSignal, []));
            buffer.Committed(1);
        }

        using var again = new JournalledBuffer(_folder);
        Assert.Equal((1, 2L), (again.Recovered.Committed.Value, again.Recovered.Ledger.GroupsConsumed));
    }

    [Fact]
    public void The_groups_that_are_decided_are_known_after_a_restart()
    {
        using (var buffer = new JournalledBuffer(_folder))
        {
            buffer.Admit(Make.Group(0), Make.Group(1), Make.Group(3));
        }

        using var again = new JournalledBuffer(_folder);
        Assert.Equal((2L, 3L), (again.Recovered.Decided.Watermark, again.Recovered.Decided.Above.Single().Value));
    }

    [Fact]
    public void An_owner_that_was_taken_over_can_record_nothing_more()
    {
        using var old = new JournalledBuffer(_folder);
        old.Admit(Make.Group(0));
        using var taker = new JournalledBuffer(_folder, payloads: "payloads of another machine");
        Assert.Equal(2, taker.Recovered.Epoch.Value);
        old.Actor.Tell(new AdmitGroup(Make.Group(1)));
        Assert.Contains(nameof(GroupAdmittedEvent), old.Parent.ExpectMsg<JournalFailed>().Message, StringComparison.Ordinal);
        taker.Admit(Make.Group(1));
    }

    [Fact]
    public void Updates_since_the_oldest_checkpoint_that_is_kept_can_be_made_again()
    {
        var settings = new BufferSettings(Durable: false, HardStalenessBound: null, SnapshotEvery: 4, KeepCheckpoints: 2);
        using (var buffer = new JournalledBuffer(_folder, settings))
        {
            buffer.Admit(Enumerable.Range(0, 7).Select(id => Make.Group(id)));
            for (int update = 0; update < 6; update++)
            {
                buffer.Batch(update, 1);
                buffer.Committed(update + 1);
                if (update % 2 == 1)
                {
                    buffer.Checkpoint(update + 1);
                }
            }

            buffer.Batch(6, 1);
            buffer.Committed(7);
        }

        using (var buffer = new JournalledBuffer(_folder, settings))
        {
            Assert.Equal([6L, 4L], buffer.Recovered.Checkpoints.Select(checkpoint => checkpoint.Version.Value));
            Assert.Equal(
                [(4L, 4L), (5L, 5L), (6L, 6L)],
                buffer.Recovered.Updates.Select(update => (update.From.Value, update.Load().Single().Id.Value))
            );
        }
    }

    public void Dispose() => _folder.Dispose();

    private static void LearnerIsRefused(JournalledBuffer buffer) =>
        Assert.Equal(buffer.Recovered.Epoch, buffer.Learner.ExpectMsg<Refused>().Epoch);
}
