using Akka.Actor;
using Akka.TestKit;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Leasing;
using ICPO.Actors.Rollouts;
using ICPO.Actors.Tests.Fakes;

namespace ICPO.Actors.Tests.Rollouts;

public sealed class EngineActorTests : ActorTest
{
    private static readonly LearnerEpoch Epoch = new(1);
    private readonly TemporaryFolder _folder = new();
    private readonly TestProbe _core;

    public EngineActorTests() => _core = CreateTestProbe();

    [Fact]
    public void An_engine_asks_once_for_as_many_sequences_as_it_has_slots_and_again_for_what_has_ended()
    {
        IActorRef worker = Start(new HashEngine { Slots = 6 }, out _);
        worker.Tell(Make.Lease(0, seeds: 4));
        for (int sibling = 0; sibling < 4; sibling++)
        {
            RolloutDelivered delivered = Next<RolloutDelivered>();
            Rollout rollout = delivered.Rollout;
            Assert.Equal((Make.Lease(0).Id, Epoch), (delivered.Lease, delivered.Epoch));
            Assert.Equal((new RolloutId(new GroupId(0), Origin.Policy, sibling), (ulong)sibling), (rollout.Id, rollout.Seed));
            Assert.Equal((rollout.Tokens.Length, rollout.Tokens.Length), (rollout.LogProbs.Length, rollout.Versions.Length));
            worker.Tell(new RolloutAck(delivered.Lease, rollout.Id));
        }

        Demand last = Until<Demand>(demand => demand.Free == 6 && demand.Held.IsEmpty);
        Assert.Equal([Origin.Policy, Origin.Expert], last.Origins);
    }

    [Fact]
    public void A_lease_names_its_siblings_and_only_they_are_sampled()
    {
        IActorRef worker = Start(new HashEngine(), out _);
        worker.Tell(Make.Lease(0, seeds: 2) with { Siblings = [1, 3] });
        Assert.Equal([1, 3], new[] { Next<RolloutDelivered>(), Next<RolloutDelivered>() }.Select(one => one.Rollout.Id.Sibling));
    }

    [Fact]
    public void A_rollout_is_repeated_until_it_is_acknowledged()
    {
        IActorRef worker = Start(new HashEngine(), out _);
        worker.Tell(Make.Lease(0, seeds: 1));
        RolloutDelivered first = Next<RolloutDelivered>();
        Assert.Equal(first.Rollout, Next<RolloutDelivered>().Rollout);
        Assert.Contains(first.Lease, Next<Demand>().Held);
        worker.Tell(new RolloutAck(first.Lease, first.Rollout.Id));
        Until<Demand>(demand => demand.Held.IsEmpty);
    }

    [Fact]
    public void A_lease_that_comes_again_is_sampled_once()
    {
        int requests = 0;
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef worker = Start(
            new HashEngine
            {
                BeforeSampling = (_, _) =>
                {
                    requests++;
                    return hold.Task;
                },
            },
            out _
        );
        worker.Tell(Make.Lease(0, seeds: 1));
        worker.Tell(Make.Lease(0, seeds: 1));
        hold.SetResult();
        RolloutDelivered delivered = Next<RolloutDelivered>();
        worker.Tell(Make.Lease(0, seeds: 1));
        worker.Tell(new RolloutAck(delivered.Lease, delivered.Rollout.Id));
        worker.Tell(Make.Lease(0, seeds: 1));
        worker.Tell(Make.Lease(1, seeds: 1));
        Until<RolloutDelivered>(one => one.Lease.Group.Value == 1);
        Assert.Equal(2, requests);
    }

    [Fact]
    public void Progress_of_the_engine_is_reported_for_the_leases_that_run()
    {
        long steps = 0;
        IActorRef worker = Start(
            new HashEngine { Progress = () => ++steps, BeforeSampling = (_, cancellation) => Task.Delay(Timeout.Infinite, cancellation) },
            out _
        );
        worker.Tell(Make.Lease(0));
        LeaseProgress first = Next<LeaseProgress>();
        Assert.Equal(Make.Lease(0).Id, first.Lease);
        Until<LeaseProgress>(progress => progress.Steps > first.Steps);
    }

    [Fact]
    public void A_lease_waits_until_the_engine_holds_weights_that_are_new_enough()
    {
        IActorRef worker = Start(new HashEngine(), out IActorRef actor);
        worker.Tell(Make.Lease(0, notBefore: 2));
        Until<Demand>(demand => demand.Held.Contains(Make.Lease(0).Id));
        actor.Tell(Published(1));
        actor.Tell(Published(2));
        Assert.Equal(2, Next<RolloutDelivered>().Rollout.OldestVersion.Value);
    }

    [Fact]
    public void Weights_that_the_core_names_to_the_worker_are_taken_by_its_engine()
    {
        IActorRef worker = Start(new HashEngine(), out _);
        worker.Tell(Published(3));
        worker.Tell(Make.Lease(0, notBefore: 3));
        Assert.Equal(3, Next<RolloutDelivered>().Rollout.OldestVersion.Value);
    }

    [Fact]
    public void Weights_that_are_gone_already_are_passed_over_for_the_next()
    {
        IActorRef worker = Start(new HashEngine(), out IActorRef actor);
        worker.Tell(Make.Lease(0, notBefore: 1));
        PolicyPublished gone = Published(1);
        File.Delete(gone.Snapshot.Path);
        actor.Tell(gone);
        actor.Tell(Published(2));
        Assert.Equal(2, Next<RolloutDelivered>().Rollout.OldestVersion.Value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_engine_that_throws_fails_the_lease_with_its_reason_and_says_so_again_when_it_is_asked(bool engineFault)
    {
        Exception error = engineFault ? new IOException("The device is gone.") : new ArgumentException("The prompt does not fit.");
        IActorRef worker = Start(new HashEngine { BeforeSampling = (_, _) => throw error }, out _);
        worker.Tell(Make.Lease(0, seeds: 3));
        LeaseFailed failed = Next<LeaseFailed>();
        Assert.Equal(new LeaseFailed(Make.Lease(0).Id, Epoch, error.Message, engineFault), failed);
        worker.Tell(Make.Lease(0, seeds: 3));
        Assert.Equal(failed, Next<LeaseFailed>());
    }

    [Fact]
    public async Task A_lease_that_is_cancelled_ends_and_what_was_cut_off_is_no_rollout()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var engine = new HashEngine
        {
            BeforeSampling = async (_, cancellation) =>
            {
                begun.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellation).ContinueWith(_ => { }, TaskScheduler.Default);
            },
        };
        IActorRef worker = Start(engine, out _);
        worker.Tell(new CancelLease(Make.Lease(2).Id, Epoch));
        worker.Tell(Make.Lease(0));
        worker.Tell(Make.Lease(1, notBefore: 9));
        worker.Tell(Make.Lease(2));
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Until<Demand>(demand => demand.Held.Length == 2);
        worker.Tell(new CancelLease(Make.Lease(0).Id, Epoch));
        worker.Tell(new CancelLease(Make.Lease(1).Id, Epoch));
        while (true)
        {
            object message = _core.ReceiveOne(TimeSpan.FromSeconds(60));
            Assert.True(message is Demand or LeaseProgress, $"{message}");
            if (message is Demand { Held.IsEmpty: true })
            {
                break;
            }
        }
    }

    [Fact]
    public void Another_epoch_ends_what_runs_and_leases_of_the_old_one_are_not_taken()
    {
        IActorRef worker = Start(
            new HashEngine
            {
                BeforeSampling = (request, cancellation) =>
                    request.Seeds.Length > 1 ? Task.Delay(Timeout.Infinite, cancellation) : Task.CompletedTask,
            },
            out IActorRef actor
        );
        worker.Tell(Make.Lease(0, seeds: 2));
        Until<Demand>(demand => demand.Held.Length == 1);
        actor.Tell(new NodeJoined(_core, new LearnerEpoch(2)));
        Until<Demand>(demand => demand.Epoch.Value == 2 && demand.Held.IsEmpty);
        worker.Tell(Make.Lease(0, seeds: 1));
        worker.Tell(Make.Lease(1, seeds: 1) with { Epoch = new LearnerEpoch(2) });
        Assert.Equal(1, Next<RolloutDelivered>().Lease.Group.Value);
    }

    [Fact]
    public void Weights_that_cannot_be_taken_end_the_engine_with_the_reason()
    {
        TestProbe parent = CreateTestProbe();
        IActorRef actor = Supervised(parent, EngineActor.Props(new HashEngine(), _ => []));
        PolicyPublished broken = Published(1);
        File.WriteAllText(broken.Snapshot.Path, "");
        actor.Tell(broken);
        Assert.Contains(broken.Snapshot.Path, parent.ExpectMsg<InvalidOperationException>().Message, StringComparison.Ordinal);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Dispose();
    }

    /// <summary>The next message of a kind; others, which are repeated all the time, are passed over.</summary>
    private T Next<T>() => Until<T>(_ => true);

    private T Until<T>(Func<T, bool> wanted)
    {
        while (true)
        {
            object message = _core.ReceiveOne(TimeSpan.FromSeconds(60));
            Assert.NotNull(message);
            if (message is T found && wanted(found))
            {
                return found;
            }
        }
    }

    /// <summary>An engine actor with its worker, whose first demand is taken note of.</summary>
    private IActorRef Start(HashEngine engine, out IActorRef actor)
    {
        var runner = new LeaseRunner(engine, new LetterTokenizer(), new SamplerSettings { MaxTokens = 64 });
        Props worker = RolloutActor.Props(
            new RolloutWorkerSettings("engine", [Origin.Policy, Origin.Expert], TimeSpan.FromMilliseconds(20)),
            runner,
            TimeProvider.System
        );
        actor = Sys.ActorOf(EngineActor.Props(engine, workers => [workers.ActorOf(worker)]));
        actor.Tell(new NodeJoined(_core, Epoch));
        Demand first = Next<Demand>();
        Assert.Equal((engine.Slots, Epoch), (first.Free, first.Epoch));
        return _core.LastSender;
    }

    private PolicyPublished Published(int version)
    {
        string path = _folder.In($"policy-{version}");
        File.WriteAllText(path, $"weights {version}");
        return new PolicyPublished(new PolicySnapshot(new PolicyVersion(version), new LearnerEpoch(1), path, "", 9));
    }
}
