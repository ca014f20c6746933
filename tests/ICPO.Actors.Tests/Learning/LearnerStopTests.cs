using Akka.Actor;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Learning;

namespace ICPO.Actors.Tests.Learning;

public sealed class LearnerStopTests : LearnerTest
{
    [Fact]
    public void Asked_to_stop_while_it_waits_it_saves_and_ends()
    {
        IActorRef actor = Start(new HashLearner(), Plan(3, 0), Fresh());
        Buffer.ExpectMsg<RequestBatch>();
        actor.Tell(LearnerActor.Stop.Instance);
        Checkpoint(0);
        Assert.Equal(0, Parent.ExpectMsg<LearnerActor.Finished>().Version.Value);
        actor.Tell(Batch(0));
        actor.Tell(LearnerActor.Stop.Instance);
        actor.Tell(new Identify("does nothing more"), Buffer);
        Buffer.ExpectMsg<ActorIdentity>();
    }

    [Fact]
    public void Asked_to_stop_in_the_middle_of_a_step_it_ends_the_step_first()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var learner = new HashLearner { BeforeUpdate = _ => hold.Task };
        IActorRef actor = Start(learner, Plan(3, 0), Fresh());
        Buffer.ExpectMsg<RequestBatch>();
        actor.Tell(Batch(0));
        actor.Tell(LearnerActor.Stop.Instance);
        actor.Tell(new Identify("still stepping"), Buffer);
        Buffer.ExpectMsg<ActorIdentity>();
        hold.SetResult();
        CommitUpdate commit = Buffer.ExpectMsg<CommitUpdate>();
        actor.Tell(new UpdateCommitted(commit.Version, commit.Epoch, commit.WeightsSha256));
        Assert.Equal(1, Parent.ExpectMsg<LearnerActor.Advanced>().Snapshot.Version.Value);
        Checkpoint(1);
        Assert.Equal(1, Parent.ExpectMsg<LearnerActor.Finished>().Version.Value);
    }

    [Fact]
    public void Asked_to_stop_before_it_trains_it_saves_once_it_is_asked_to()
    {
        IActorRef actor = Supervised(new HashLearner(), Plan(3, 0));
        actor.Tell(Fresh());
        actor.Tell(LearnerActor.Stop.Instance);
        Parent.ExpectMsg<LearnerActor.Ready>();
        actor.Tell(LearnerActor.Train.Instance);
        Checkpoint(0);
        Assert.Equal(0, Parent.ExpectMsg<LearnerActor.Finished>().Version.Value);
    }
}
