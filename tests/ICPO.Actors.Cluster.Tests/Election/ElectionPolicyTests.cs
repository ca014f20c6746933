using ICPO.Actors.Cluster.Election;

namespace ICPO.Actors.Cluster.Tests.Election;

public sealed class ElectionPolicyTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);

    private static readonly Gen<LeaseRow> Rows = Gen.Select(Gen.Enum<LeaseState>(), Gen.Bool, Gen.Long[0, 50], (state, live, oldest) =>
        new LeaseRow(new LeaseHolder("t", "n", "h:1", "", oldest), state, live)
    );

    [Fact]
    public void A_lease_is_taken_only_where_nobody_holds_it_and_the_candidate_can_go_on() =>
        Gen.Select(Rows, Gen.Int[0, 10_000], Gen.Bool, Gen.Bool)
            .Sample(
                (row, answered, canGoOn, resumes) =>
                {
                    ElectionStep step = ElectionPolicy.Decide(row, TimeSpan.FromMilliseconds(answered), Lease, canGoOn, resumes);
                    if (step == ElectionStep.Take)
                    {
                        Assert.True(!row.IsLive && canGoOn);
                        Assert.True(row.State != LeaseState.Running || answered >= Lease.TotalMilliseconds);
                    }
                }
            );

    [Fact]
    public void A_holder_that_a_restarted_server_has_kept_from_renewing_is_not_replaced_at_once()
    {
        var expired = new LeaseRow(new LeaseHolder("t", "n", "h:1", "", 0), LeaseState.Running, IsLive: false);
        Assert.Equal(ElectionStep.Wait, ElectionPolicy.Decide(expired, TimeSpan.Zero, Lease, canGoOn: true, resumesEnded: false));
        Assert.Equal(ElectionStep.Take, ElectionPolicy.Decide(expired, Lease, Lease, canGoOn: true, resumesEnded: false));
    }

    [Theory]
    [InlineData(false, ElectionStep.GiveUp)]
    [InlineData(true, ElectionStep.Take)]
    public void A_run_that_has_ended_is_continued_on_request_only(bool resumes, object expected)
    {
        var ended = new LeaseRow(new LeaseHolder("t", "n", "h:1", "", 0), LeaseState.Completed, IsLive: false);
        Assert.Equal(expected, ElectionPolicy.Decide(ended, Lease, Lease, canGoOn: true, resumes));
    }
}
