using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Verification;
using LinkSupport;

namespace ICPO.Actors.Tests.Nodes;

public sealed class LossyLinkTests(ITestOutputHelper output)
{
    private const int Schedules = 200;
    private const int Threads = 8;
    private static readonly string[] Fates = ["lost", "repeated", "held back", "delayed"];
    private static readonly Type[] Kinds =
    [
        typeof(JoinRun),
        typeof(Welcome),
        typeof(PolicyPublished),
        typeof(Demand),
        typeof(RolloutLease),
        typeof(LeaseProgress),
        typeof(LeaseFailed),
        typeof(CancelLease),
        typeof(RolloutDelivered),
        typeof(RolloutAck),
        typeof(CaseDemand),
        typeof(VerifyCase),
        typeof(CaseJudged),
        typeof(CaseAck),
        typeof(WorkerFault),
    ];

    [Fact]
    public async Task Runs_complete_and_nothing_is_lost_or_trained_twice_whatever_a_link_does_before_it_heals()
    {
        var counts = new LinkCounts();
        await LinkSchedules.All.SampleAsync(
            async schedule => Assert.Empty(await LinkRun.FindingsAsync(schedule, counts)),
            iter: Schedules,
            threads: Threads
        );
        foreach (string kind in counts.Kinds)
        {
            output.WriteLine($"{kind}: {string.Join(", ", Fates.Select(fate => $"{counts[kind, fate]} {fate}"))}");
        }

        // Some kinds are rare, so that one of their fates may be missing in a few hundred schedules.
        Assert.All(Kinds, kind => Assert.True(Fates.Sum(fate => counts[kind.Name, fate]) > 0, $"every {kind.Name} arrived as it was sent"));
    }
}
