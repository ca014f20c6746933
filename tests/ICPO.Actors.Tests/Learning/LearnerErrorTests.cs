using Akka.Actor;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;
using static ICPO.Actors.Tests.Learning.LearnerStates;

namespace ICPO.Actors.Tests.Learning;

/// <summary>What ends a learner, and the reason that its parent receives.</summary>
public sealed class LearnerErrorTests : LearnerTest
{
    [Fact]
    public void Without_the_updates_since_the_base_model_or_a_checkpoint_it_ends_with_an_error()
    {
        Supervised(new HashLearner(), Plan(4, 2)).Tell(Recovered(3, [Named(2)], [Recorded(2, "weights")]));
        Assert.Contains("v0", Parent.ExpectMsg<InvalidOperationException>().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_weights_than_recorded_end_in_an_error_that_names_the_update()
    {
        Supervised(new HashLearner(), Plan(4, 2)).Tell(Recovered(1, [], [Recorded(0, HashLearner.Hash("other"))]));
        Assert.Contains("v1", Parent.ExpectMsg<InvalidOperationException>().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_not_finite_ends_in_an_error_that_names_the_group()
    {
        var learner = new HashLearner
        {
            BeforeUpdate = _ => throw new NonFiniteLossException(new GroupId(1), "The loss of group g1 is not finite."),
        };
        IActorRef actor = Start(learner, Plan(4, 0), Fresh());
        Buffer.ExpectMsg<RequestBatch>();
        actor.Tell(Batch(0));
        Assert.Contains("g1", Parent.ExpectMsg<InvalidOperationException>().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_update_that_never_ends_ends_in_an_error_that_names_it()
    {
        var learner = new HashLearner { BeforeUpdate = _ => new TaskCompletionSource().Task };
        IActorRef actor = Start(learner, Plan(4, 0) with { Timeout = TimeSpan.FromMilliseconds(1) }, Fresh());
        Buffer.ExpectMsg<RequestBatch>();
        actor.Tell(Batch(0));
        Assert.Contains("v0", Parent.ExpectMsg<TimeoutException>().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_update_that_is_not_recorded_in_time_ends_in_an_error_that_names_it()
    {
        IActorRef actor = Start(new HashLearner(), Plan(4, 0) with { RecordTimeout = TimeSpan.FromMilliseconds(1) }, Fresh());
        Buffer.ExpectMsg<RequestBatch>();
        actor.Tell(Batch(0));
        Buffer.ExpectMsg<CommitUpdate>();
        Assert.Contains("v1", Parent.ExpectMsg<TimeoutException>().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_that_is_not_recorded_in_time_ends_in_an_error_that_names_it()
    {
        Start(new HashLearner(), Plan(4, 1) with { RecordTimeout = TimeSpan.FromMilliseconds(1) }, Fresh());
        Buffer.ExpectMsg<CheckpointWritten>();
        Assert.Contains("v0", Parent.ExpectMsg<TimeoutException>().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_of_the_buffer_ends_in_its_reason()
    {
        Start(new HashLearner(), Plan(4, 0), Fresh());
        Buffer.ExpectMsg<RequestBatch>();
        Buffer.Reply(new Refused("v0 belongs to another epoch.", new LearnerEpoch(2)));
        Assert.Contains("v0 belongs to another epoch.", Parent.ExpectMsg<InvalidOperationException>().Message, StringComparison.Ordinal);
    }
}
