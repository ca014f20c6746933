using Akka.Actor;
using Akka.TestKit;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Rollouts;
using ICPO.Actors.Tests.Fakes;

namespace ICPO.Actors.Tests.Rollouts;

public sealed class EngineActorTests : ActorTest
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestProbe _dispatcher;
    private readonly TestProbe _verifier;

    public EngineActorTests() => (_dispatcher, _verifier) = (CreateTestProbe(), CreateTestProbe());

    [Fact]
    public void A_worker_asks_for_as_many_sequences_as_there_are_slots_and_for_what_has_ended()
    {
        IActorRef worker = Start(new HashEngine { Slots = 6 }, out _);
        worker.Tell(Make.Lease(0, seeds: 4));
        for (int sibling = 0; sibling < 4; sibling++)
        {
            Rollout rollout = _verifier.ExpectMsg<RolloutCompleted>().Rollout;
            Assert.Equal((new RolloutId(new GroupId(0), Origin.Policy, sibling), (ulong)sibling), (rollout.Id, rollout.Seed));
            Assert.Equal((rollout.Tokens.Length, rollout.Tokens.Length), (rollout.LogProbs.Length, rollout.Versions.Length));
        }

        Assert.Equal(Make.Lease(0).Id, _dispatcher.ExpectMsg<LeaseDone>().Lease);
        Assert.Equal(new RequestWork(Origin.Policy, 4), _dispatcher.ExpectMsg<RequestWork>());
    }

    [Fact]
    public void A_lease_waits_until_the_engine_holds_weights_that_are_new_enough()
    {
        IActorRef worker = Start(new HashEngine(), out _);
        worker.Tell(Make.Lease(0, notBefore: 2));
        Sys.EventStream.Publish(Published(1));
        Sys.EventStream.Publish(Published(2));
        Assert.Equal(2, _verifier.ExpectMsg<RolloutCompleted>().Rollout.OldestVersion.Value);
    }

    [Fact]
    public void Weights_published_before_the_engine_has_started_are_taken()
    {
        // The engine's only thread is held by another actor until the weights are published.
        using var published = new ManualResetEventSlim();
        Sys.ActorOf(Props.Create(() => new Holder(published)).WithDispatcher("one-thread"));
        var engine = new HashEngine();
        LeaseRunner runner = Runner(engine);
        IActorRef actor = Sys.ActorOf(
            EngineActor
                .Props(engine, workers => [workers.ActorOf(RolloutActor.Props(runner, _dispatcher, _verifier))])
                .WithDispatcher("one-thread")
        );
        EngineActor.Subscribe(Sys, actor);
        Sys.EventStream.Publish(Published(2));
        published.Set();

        _dispatcher.ExpectMsg<RequestWork>();
        _dispatcher.LastSender.Tell(Make.Lease(0, notBefore: 2));
        Assert.Equal(2, _verifier.ExpectMsg<RolloutCompleted>().Rollout.OldestVersion.Value);
    }

    [Fact]
    public void Weights_that_are_gone_already_are_passed_over_for_the_next()
    {
        IActorRef worker = Start(new HashEngine(), out _);
        worker.Tell(Make.Lease(0, notBefore: 1));
        PolicyPublished gone = Published(1);
        File.Delete(gone.Snapshot.Path);
        Sys.EventStream.Publish(gone);
        Sys.EventStream.Publish(Published(2));
        Assert.Equal(2, _verifier.ExpectMsg<RolloutCompleted>().Rollout.OldestVersion.Value);
    }

    [Fact]
    public void An_engine_that_throws_fails_the_lease_with_its_reason_and_asks_for_more()
    {
        IActorRef worker = Start(
            new HashEngine { BeforeSampling = (_, _) => throw new ArgumentException("The prompt does not fit.") },
            out _
        );
        worker.Tell(Make.Lease(0, seeds: 3));
        Assert.Equal(
            (Make.Lease(0).Id, "The prompt does not fit."),
            _dispatcher.ExpectMsg<LeaseFailed>() is var failed ? (failed.Lease, failed.Reason) : default
        );
        Assert.Equal(new RequestWork(Origin.Policy, 3), _dispatcher.ExpectMsg<RequestWork>());
    }

    [Fact]
    public async Task A_stop_ends_what_runs_and_what_was_cut_off_is_no_rollout()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var engine = new HashEngine
        {
            BeforeSampling = async (_, cancellation) =>
            {
                begun.SetResult();
                await Task.Delay(Timeout.Infinite, cancellation).ContinueWith(_ => { }, TaskScheduler.Default);
            },
        };
        IActorRef worker = Start(engine, out IActorRef actor);
        worker.Tell(Make.Lease(0));
        worker.Tell(Make.Lease(1, notBefore: 9));
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(60));
        actor.Tell(new StopGenerating(TimeSpan.FromSeconds(60)), TestActor);
        ExpectMsg<GenerationStopped>();
        _verifier.Ref.Tell("nothing before", TestActor);
        _verifier.ExpectMsg("nothing before");
        _dispatcher.Ref.Tell("nothing before", TestActor);
        _dispatcher.ExpectMsg("nothing before");
    }

    [Fact]
    public void Steered_rollouts_stand_behind_their_demonstrations_and_traces_go_to_the_filter_unjudged()
    {
        TestProbe filter = CreateTestProbe();
        LeaseRunner runner = Runner(new HashEngine());
        RolloutLease lease = Make.Lease(0, Origin.Expert, seeds: 1) with { Demonstrations = [new ParityTask().Pool[3]] };

        Sys.ActorOf(ExpertRolloutActor.Props(ExpertSource.Steered, runner, _dispatcher, _verifier, filter)).Tell(lease);
        Rollout steered = _verifier.ExpectMsg<RolloutCompleted>().Rollout;
        Assert.Equal(("d3", "3?1\n0?".Length), (steered.Demonstrations.Single(), steered.PromptLength));

        Sys.ActorOf(ExpertRolloutActor.Props(ExpertSource.Trace, runner, _dispatcher, _verifier, filter)).Tell(lease);
        JudgedRollout trace = filter.ExpectMsg<RolloutJudged>().Rollout;
        Assert.Equal(("1\n", 1.0, 0f), (trace.Rollout.Text, trace.Judgment.Reward, trace.Rollout.LogProbs.Sum()));
    }

    [Fact]
    public void Weights_that_cannot_be_taken_end_the_engine_with_the_reason()
    {
        IActorRef actor = CreateTestProbe()
            .ChildActorOf(
                EngineActor.Props(new HashEngine(), _ => []),
                new OneForOneStrategy(error =>
                {
                    TestActor.Tell(error);
                    return Directive.Stop;
                })
            );
        PolicyPublished broken = Published(1);
        File.WriteAllText(broken.Snapshot.Path, "");
        actor.Tell(broken);
        Assert.Contains(broken.Snapshot.Path, ExpectMsg<InvalidOperationException>().Message, StringComparison.Ordinal);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Dispose();
    }

    private static LeaseRunner Runner(IGenerationEngine engine) =>
        new(engine, new LetterTokenizer(), new ParityTask(), new SamplerSettings { MaxTokens = 64 });

    /// <summary>An engine actor with one policy worker, whose first request is taken note of.</summary>
    private IActorRef Start(HashEngine engine, out IActorRef actor)
    {
        LeaseRunner runner = Runner(engine);
        actor = Sys.ActorOf(EngineActor.Props(engine, workers => [workers.ActorOf(RolloutActor.Props(runner, _dispatcher, _verifier))]));
        EngineActor.Subscribe(Sys, actor);
        Assert.Equal(new RequestWork(Origin.Policy, engine.Slots), _dispatcher.ExpectMsg<RequestWork>());
        return _dispatcher.LastSender;
    }

    /// <summary>Keeps its thread, from its start, until it is let go.</summary>
    private sealed class Holder(ManualResetEventSlim released) : UntypedActor
    {
        protected override void PreStart() => Assert.True(released.Wait(TimeSpan.FromSeconds(60)));

        protected override void OnReceive(object message) => Unhandled(message);
    }

    private PolicyPublished Published(int version)
    {
        string path = _folder.In($"policy-{version}");
        File.WriteAllText(path, $"weights {version}");
        return new PolicyPublished(new PolicySnapshot(new PolicyVersion(version), new LearnerEpoch(1), path, "", 9));
    }
}
