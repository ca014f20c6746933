using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit;

namespace ICPO.Actors.Tests.Fakes;

/// <summary>Tests of one actor between probes. Deadlines are far away: only a test that fails waits for one.</summary>
public abstract class ActorTest() : TestKit(Hocon)
{
    public const string Hocon = """
        akka.test.single-expect-default = 60s
        akka.test.default-timeout = 60s
        akka.loglevel = WARNING
        one-thread { type = ForkJoinDispatcher, throughput = 1, dedicated-thread-pool { thread-count = 1, threadtype = background } }
        """;

    private int _fences;

    /// <summary>An actor whose parent receives the exception that stops it.</summary>
    protected static IActorRef Supervised(TestProbe parent, Props props) =>
        parent.ChildActorOf(
            props,
            new OneForOneStrategy(error =>
            {
                parent.Ref.Tell(error);
                return Directive.Stop;
            })
        );

    /// <summary>All messages that <paramref name="actor"/> sent to the test actor while handling what it was told so far.</summary>
    protected IReadOnlyList<T> SentSoFar<T>(IActorRef actor)
    {
        int fence = ++_fences;
        actor.Tell(new Identify(fence), TestActor);
        var messages = new List<T>();
        while (true)
        {
            switch (ReceiveOne(TimeSpan.FromSeconds(60)))
            {
                case T message:
                    messages.Add(message);
                    break;
                case ActorIdentity identity when fence.Equals(identity.MessageId):
                    return messages;
                case var other:
                    throw new InvalidOperationException($"Unexpected: {other ?? "nothing came"}.");
            }
        }
    }
}
