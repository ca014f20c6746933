using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit;
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
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Learning;
using ICPO.Actors.RunEvents;
using ICPO.Actors.Tests.Fakes;

namespace ICPO.Actors.Tests.Learning;

public sealed class LearnerActorTests : ActorTest
{
    private const int GroupsPerUpdate = 2;
    private readonly TemporaryFolder _folder = new();
    private readonly TestProbe _parent;
    private readonly TestProbe _buffer;

    public LearnerActorTests() => (_parent, _buffer) = (CreateTestProbe(), CreateTestProbe());

    [Fact]
    public void It_trains_to_the_end_committing_before_it_publishes_and_saves_what_is_due()
    {
        var learner = new HashLearner();
        IActorRef actor = Start(learner, Plan(updates: 3, every: 2), Fresh());
        Checkpoint(0);
        for (int update = 0; update < 3; update++)
        {
            Step(actor, update, learner);
            PolicySnapshot snapshot = _parent.ExpectMsg<LearnerActor.Advanced>().Snapshot;
            Assert.Equal((update + 1, new LearnerEpoch(1)), (snapshot.Version.Value, snapshot.Epoch));
            Assert.Equal(learner.Weights, File.ReadAllText(snapshot.Path));
            if (update + 1 is 2 or 3)
            {
                Checkpoint(update + 1);
            }
        }

        Assert.Equal(
            (3, "update-000003"),
            _parent.ExpectMsg<LearnerActor.Finished>() is var finished ? (finished.Version.Value, finished.Checkpoint) : default
        );
        Assert.Equal(["update-000000", "update-000002", "update-000003"], Checkpoints());
    }

    [Fact]
    public async Task It_goes_on_from_the_checkpoint_making_the_recorded_updates_again()
    {
        HashLearner whole = Trained(3);
        HashLearner saved = Trained(1);
        await saved.SaveAsync(Path.Combine(_folder.Folder("checkpoints"), "update-000001"), CancellationToken.None);
        var again = new HashLearner();
        Start(
            again,
            Plan(updates: 4, every: 2),
            Standing(3, checkpoint: 1, [Recorded(1, Trained(2).Weights), Recorded(2, whole.Weights)]),
            version: 3
        );
        Assert.Equal(whole.Weights, again.Weights);
        Assert.Equal(
            (3, GroupsPerUpdate),
            _buffer.ExpectMsg<RequestBatch>() is var request ? (request.From.Value, request.Groups) : default
        );
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_told_made_again_and_written_anew()
    {
        HashLearner whole = Trained(3);
        await Trained(1).SaveAsync(Path.Combine(_folder.Folder("checkpoints"), "update-000001"), CancellationToken.None);
        Sys.EventStream.Subscribe(TestActor, typeof(RunNote));
        Start(
            new HashLearner(),
            Plan(updates: 4, every: 0),
            Standing(3, [Named(2, oldest: 1), Named(1)], [Recorded(1, Trained(2).Weights), Recorded(2, whole.Weights)]),
            version: 3
        );
        Assert.StartsWith(
            "checkpoint update-000002 is damaged, the one before it is used: ",
            ExpectMsg<RunNote>().Text,
            StringComparison.Ordinal
        );
        Assert.StartsWith("made updates v2 to v3 again", ExpectMsg<RunNote>().Text, StringComparison.Ordinal);
        var restored = new HashLearner();
        await restored.RestoreAsync(Path.Combine(_folder.In("checkpoints"), "update-000002"), CancellationToken.None);
        Assert.Equal(Trained(2).Weights, restored.Weights);
    }

    [Fact]
    public void Before_there_are_many_checkpoints_the_base_model_is_gone_back_to()
    {
        _folder.Folder("checkpoints");
        var learner = new HashLearner();
        Start(learner, Plan(updates: 4, every: 0), Standing(1, [Named(1, oldest: 0)], [Recorded(0, Trained(1).Weights)]), version: 1);
        Assert.Equal(Trained(1).Weights, learner.Weights);
    }

    [Fact]
    public void Where_nothing_can_be_gone_back_to_it_says_so()
    {
        Supervised(new HashLearner(), Plan(4, 2)).Tell(Standing(3, [Named(2)], [Recorded(2, "weights")]));
        Assert.Contains("only 1 updates after v0", _parent.ExpectMsg<InvalidOperationException>().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_come_out_otherwise_than_recorded_end_in_a_sentence()
    {
        Supervised(new HashLearner(), Plan(4, 2)).Tell(Standing(1, checkpoint: null, [Recorded(0, HashLearner.Hash("other"))]));
        Assert.Contains(
            "Update v1 made again from the journal gives weights",
            _parent.ExpectMsg<InvalidOperationException>().Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_loss_that_is_not_finite_ends_in_a_sentence_that_names_the_group()
    {
        var learner = new HashLearner
        {
            BeforeUpdate = _ => throw new NonFiniteLossException(new GroupId(1), "The loss of group g1 is not finite."),
        };
        IActorRef actor = Start(learner, Plan(4, 0), Fresh());
        _buffer.ExpectMsg<RequestBatch>();
        actor.Tell(Batch(0));
        Assert.Contains("g1 is not finite", _parent.ExpectMsg<InvalidOperationException>().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_update_that_never_ends_ends_in_a_sentence()
    {
        var learner = new HashLearner { BeforeUpdate = _ => new TaskCompletionSource().Task };
        IActorRef actor = Start(learner, Plan(4, 0) with { Timeout = TimeSpan.FromMilliseconds(1) }, Fresh());
        _buffer.ExpectMsg<RequestBatch>();
        actor.Tell(Batch(0));
        Assert.Contains("not done with the update after v0", _parent.ExpectMsg<TimeoutException>().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_update_that_is_not_recorded_in_time_ends_in_a_sentence()
    {
        IActorRef actor = Start(new HashLearner(), Plan(4, 0) with { RecordTimeout = TimeSpan.FromMilliseconds(1) }, Fresh());
        _buffer.ExpectMsg<RequestBatch>();
        actor.Tell(Batch(0));
        _buffer.ExpectMsg<CommitUpdate>();
        Assert.Contains("v1", _parent.ExpectMsg<TimeoutException>().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_that_is_not_recorded_in_time_ends_in_a_sentence()
    {
        Start(new HashLearner(), Plan(4, 1) with { RecordTimeout = TimeSpan.FromMilliseconds(1) }, Fresh());
        _buffer.ExpectMsg<CheckpointWritten>();
        Assert.Contains("v0", _parent.ExpectMsg<TimeoutException>().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_buffer_refuses_ends_in_its_reason()
    {
        Start(new HashLearner(), Plan(4, 0), Fresh());
        _buffer.ExpectMsg<RequestBatch>();
        _buffer.Reply(new Refused("v0 belongs to another epoch.", new LearnerEpoch(2)));
        Assert.Contains("v0 belongs to another epoch.", _parent.ExpectMsg<InvalidOperationException>().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Asked_to_stop_while_it_waits_it_saves_and_is_done()
    {
        IActorRef actor = Start(new HashLearner(), Plan(3, 0), Fresh());
        _buffer.ExpectMsg<RequestBatch>();
        actor.Tell(LearnerActor.Stop.Instance);
        Checkpoint(0);
        Assert.Equal(0, _parent.ExpectMsg<LearnerActor.Finished>().Version.Value);
        actor.Tell(Batch(0));
        actor.Tell(LearnerActor.Stop.Instance);
        actor.Tell(new Identify("does nothing more"), _buffer);
        _buffer.ExpectMsg<ActorIdentity>();
    }

    [Fact]
    public void Asked_to_stop_in_the_middle_of_a_step_it_ends_the_step_first()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var learner = new HashLearner { BeforeUpdate = _ => hold.Task };
        IActorRef actor = Start(learner, Plan(3, 0), Fresh());
        _buffer.ExpectMsg<RequestBatch>();
        actor.Tell(Batch(0));
        actor.Tell(LearnerActor.Stop.Instance);
        actor.Tell(new Identify("still stepping"), _buffer);
        _buffer.ExpectMsg<ActorIdentity>();
        hold.SetResult();
        CommitUpdate commit = _buffer.ExpectMsg<CommitUpdate>();
        actor.Tell(new UpdateCommitted(commit.Version, commit.Epoch, commit.WeightsSha256));
        Assert.Equal(1, _parent.ExpectMsg<LearnerActor.Advanced>().Snapshot.Version.Value);
        Checkpoint(1);
        Assert.Equal(1, _parent.ExpectMsg<LearnerActor.Finished>().Version.Value);
    }

    [Fact]
    public void Asked_to_stop_before_it_trains_it_saves_once_it_is_asked_to()
    {
        IActorRef actor = Supervised(new HashLearner(), Plan(3, 0));
        actor.Tell(Fresh());
        actor.Tell(LearnerActor.Stop.Instance);
        _parent.ExpectMsg<LearnerActor.Ready>();
        actor.Tell(LearnerActor.Train.Instance);
        Checkpoint(0);
        Assert.Equal(0, _parent.ExpectMsg<LearnerActor.Finished>().Version.Value);
    }

    [Fact]
    public void The_checkpoint_before_stays_until_the_journal_names_the_new_one()
    {
        var learner = new HashLearner();
        IActorRef actor = Start(learner, Plan(5, 1), Fresh());
        Checkpoint(0);
        Step(actor, 0, learner);
        CheckpointWritten written = _buffer.ExpectMsg<CheckpointWritten>();
        actor.Tell(new Identify("has not pruned"), _buffer);
        _buffer.ExpectMsg<ActorIdentity>();
        Assert.Equal(["update-000000", "update-000001"], Checkpoints());
        actor.Tell(Named((int)written.Version.Value));
        _buffer.ExpectMsg<RequestBatch>();
        Assert.Equal(["update-000001"], Checkpoints());
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Dispose();
    }

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

    private static RecordedUpdate Recorded(int from, string weights) => new(new PolicyVersion(from), weights, () => [.. Groups(from)]);

    private static BufferRecovered Fresh() => Standing(0, null, []);

    private static BufferRecovered Standing(int committed, int? checkpoint, ImmutableArray<RecordedUpdate> updates) =>
        Standing(committed, checkpoint is { } version ? [Named(version)] : [], updates);

    private static BufferRecovered Standing(
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

    private static CheckpointWrittenEvent Named(int version, int? oldest = null) =>
        new(
            new PolicyVersion(version),
            CheckpointStore.Name(new PolicyVersion(version)),
            oldest is { } kept ? new PolicyVersion(kept) : null
        );

    private static BatchPrepared Batch(int update) => new(new PolicyVersion(update), new LearnerEpoch(1), [.. Groups(update)]);

    private static LearnerPlan Plan(int updates, int every) => new(updates, GroupsPerUpdate, every);

    /// <summary>A learner whose parent is told of what it throws.</summary>
    private IActorRef Supervised(ILearner learner, LearnerPlan plan) =>
        _parent.ChildActorOf(
            LearnerActor.Props(
                new LearnerParts
                {
                    Learner = learner,
                    Assembler = Assembler(),
                    Plan = plan,
                    Checkpoints = new CheckpointStore(_folder.Folder("checkpoints"), _folder.Folder("policies")),
                    Buffer = _buffer,
                }
            ),
            new OneForOneStrategy(error =>
            {
                _parent.Ref.Tell(error);
                return Directive.Stop;
            })
        );

    private string[] Checkpoints() =>
        [.. Directory.EnumerateDirectories(_folder.In("checkpoints")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private IActorRef Start(ILearner learner, LearnerPlan plan, BufferRecovered standing, int version = 0)
    {
        IActorRef actor = Supervised(learner, plan);
        actor.Tell(standing);
        Assert.Equal(version, _parent.ExpectMsg<LearnerActor.Ready>().Snapshot.Version.Value);
        actor.Tell(LearnerActor.Train.Instance);
        return actor;
    }

    private void Step(IActorRef actor, int update, HashLearner learner)
    {
        Assert.Equal(update, _buffer.ExpectMsg<RequestBatch>().From.Value);
        actor.Tell(Batch(update));
        CommitUpdate commit = _buffer.ExpectMsg<CommitUpdate>();
        Assert.Equal((update + 1, learner.Weights), (commit.Version.Value, commit.WeightsSha256));
        actor.Tell(new UpdateCommitted(commit.Version, commit.Epoch, commit.WeightsSha256));
    }

    private void Checkpoint(int version)
    {
        CheckpointWritten written = _buffer.ExpectMsg<CheckpointWritten>();
        Assert.Equal(version, written.Version.Value);
        _buffer.Reply(Named(version, oldest: 0));
    }
}
