using Akka.Actor;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Learning;
using ICPO.Actors.RunEvents;
using static ICPO.Actors.Tests.Learning.LearnerStates;

namespace ICPO.Actors.Tests.Learning;

/// <summary>Training, checkpoints and recovery.</summary>
public sealed class LearnerActorTests : LearnerTest
{
    [Fact]
    public void It_trains_to_the_end_committing_before_it_publishes_and_saves_what_is_due()
    {
        var learner = new HashLearner();
        IActorRef actor = Start(learner, Plan(updates: 3, every: 2), Fresh());
        Checkpoint(0);
        for (int update = 0; update < 3; update++)
        {
            Step(actor, update, learner);
            PolicySnapshot snapshot = Parent.ExpectMsg<LearnerActor.Advanced>().Snapshot;
            Assert.Equal((update + 1, new LearnerEpoch(1)), (snapshot.Version.Value, snapshot.Epoch));
            Assert.Equal(learner.Weights, File.ReadAllText(snapshot.Path));
            if (update + 1 is 2 or 3)
            {
                Checkpoint(update + 1);
            }
        }

        Assert.Equal(
            (3, "update-000003"),
            Parent.ExpectMsg<LearnerActor.Finished>() is var finished ? (finished.Version.Value, finished.Checkpoint) : default
        );
        Assert.Equal(["update-000000", "update-000002", "update-000003"], Checkpoints());
    }

    [Fact]
    public async Task It_continues_from_the_checkpoint_and_repeats_the_recorded_updates()
    {
        HashLearner whole = Trained(3);
        HashLearner saved = Trained(1);
        await saved.SaveAsync(Path.Combine(Folder.Folder("checkpoints"), "update-000001"), CancellationToken.None);
        var again = new HashLearner();
        Start(again, Plan(updates: 4, every: 2), Recovered(3, [Named(1)], [Recorded(1), Recorded(2)]), version: 3);
        Assert.Equal(whole.Weights, again.Weights);
        Assert.Equal(
            (3, GroupsPerUpdate),
            Buffer.ExpectMsg<RequestBatch>() is var request ? (request.From.Value, request.Groups) : default
        );
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_reported_and_written_again()
    {
        await Trained(1).SaveAsync(Path.Combine(Folder.Folder("checkpoints"), "update-000001"), CancellationToken.None);
        Events.Subscribe(TestActor, typeof(RunNote));
        Start(
            new HashLearner(),
            Plan(updates: 4, every: 0),
            Recovered(3, [Named(2, oldest: 1), Named(1)], [Recorded(1), Recorded(2)]),
            version: 3
        );
        Assert.Contains("update-000002", ExpectMsg<RunNote>().Text, StringComparison.Ordinal);
        Assert.Matches(@"\bv2\b.*\bv3\b", ExpectMsg<RunNote>().Text);
        var restored = new HashLearner();
        await restored.RestoreAsync(Path.Combine(Folder.In("checkpoints"), "update-000002"), CancellationToken.None);
        Assert.Equal(Trained(2).Weights, restored.Weights);
    }

    [Fact]
    public void Without_an_older_checkpoint_it_continues_from_the_base_model()
    {
        Folder.Folder("checkpoints");
        var learner = new HashLearner();
        Start(learner, Plan(updates: 4, every: 0), Recovered(1, [Named(1, oldest: 0)], [Recorded(0)]), version: 1);
        Assert.Equal(Trained(1).Weights, learner.Weights);
    }

    [Fact]
    public void Updates_that_give_other_weights_on_other_hardware_are_recorded_before_it_trains()
    {
        Folder.Folder("checkpoints");
        var learner = new HashLearner { Hardware = "B" };
        IActorRef actor = Supervised(learner, Plan(updates: 4, every: 0));
        actor.Tell(Recovered(1, [], [Recorded(0) with { Hardware = "A" }]));
        RecordRedone redone = Buffer.ExpectMsg<RecordRedone>();
        Assert.Equal(("B", new RedoneUpdate(new PolicyVersion(1), learner.Weights)), (redone.Hardware, Assert.Single(redone.Updates)));
        Parent.ExpectNoMsg(TimeSpan.Zero);
        Buffer.Reply(new UpdatesRedoneEvent(redone.Epoch, redone.Hardware, redone.Updates));
        Assert.Equal(1, Parent.ExpectMsg<LearnerActor.Ready>().Snapshot.Version.Value);
    }

    [Fact]
    public void The_checkpoint_before_stays_until_the_journal_names_the_new_one()
    {
        var learner = new HashLearner();
        IActorRef actor = Start(learner, Plan(5, 1), Fresh());
        Checkpoint(0);
        Step(actor, 0, learner);
        CheckpointWritten written = Buffer.ExpectMsg<CheckpointWritten>();
        actor.Tell(new Identify("has not pruned"), Buffer);
        Buffer.ExpectMsg<ActorIdentity>();
        Assert.Equal(["update-000000", "update-000001"], Checkpoints());
        actor.Tell(Named((int)written.Version.Value));
        Buffer.ExpectMsg<RequestBatch>();
        Assert.Equal(["update-000001"], Checkpoints());
    }
}
