using Akka.Actor;
using Akka.TestKit;
using ICPO.Actors.Buffering;
using ICPO.Actors.Checkpointing;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Learning;
using ICPO.Actors.RunEvents;
using ICPO.Actors.Tests.Fakes;
using static ICPO.Actors.Tests.Learning.LearnerStates;

namespace ICPO.Actors.Tests.Learning;

/// <summary>Tests of the learner between probes for its parent and its buffer.</summary>
public abstract class LearnerTest : ActorTest
{
    protected const int GroupsPerUpdate = 2;

    protected LearnerTest() => (Parent, Buffer) = (CreateTestProbe(), CreateTestProbe());

    protected TemporaryFolder Folder { get; } = new();

    protected TestProbe Parent { get; }

    protected TestProbe Buffer { get; }

    /// <summary>Where the learner publishes.</summary>
    protected RunEventBus Events { get; } = new();

    protected static BufferRecovered Fresh() => Recovered(0, [], []);

    protected static BatchPrepared Batch(int update) => new(new PolicyVersion(update), new LearnerEpoch(1), [.. Groups(update)]);

    protected static LearnerPlan Plan(int updates, int every) => new(updates, GroupsPerUpdate, every);

    /// <summary>A learner whose parent receives what it throws.</summary>
    protected IActorRef Supervised(ILearner learner, LearnerPlan plan) =>
        Supervised(
            Parent,
            LearnerActor.Props(
                new LearnerParts
                {
                    Learner = learner,
                    Assembler = Assembler(),
                    Plan = plan,
                    Checkpoints = new CheckpointStore(Folder.Folder("checkpoints"), Folder.Folder("policies")),
                    Buffer = Buffer,
                    Events = Events,
                }
            )
        );

    /// <summary>A learner that recovered and was told to train.</summary>
    protected IActorRef Start(ILearner learner, LearnerPlan plan, BufferRecovered recovered, int version = 0)
    {
        IActorRef actor = Supervised(learner, plan);
        actor.Tell(recovered);
        Assert.Equal(version, Parent.ExpectMsg<LearnerActor.Ready>().Snapshot.Version.Value);
        actor.Tell(LearnerActor.Train.Instance);
        return actor;
    }

    /// <summary>Answers the requests of one update.</summary>
    protected void Step(IActorRef actor, int update, HashLearner learner)
    {
        Assert.Equal(update, Buffer.ExpectMsg<RequestBatch>().From.Value);
        actor.Tell(Batch(update));
        CommitUpdate commit = Buffer.ExpectMsg<CommitUpdate>();
        Assert.Equal((update + 1, learner.Weights), (commit.Version.Value, commit.WeightsSha256));
        actor.Tell(new UpdateCommitted(commit.Version, commit.Epoch, commit.WeightsSha256));
    }

    /// <summary>Records the checkpoint that the learner reports.</summary>
    protected void Checkpoint(int version)
    {
        CheckpointWritten written = Buffer.ExpectMsg<CheckpointWritten>();
        Assert.Equal(version, written.Version.Value);
        Buffer.Reply(Named(version, oldest: 0));
    }

    protected string[] Checkpoints() =>
        [.. Directory.EnumerateDirectories(Folder.In("checkpoints")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Folder.Dispose();
    }
}
