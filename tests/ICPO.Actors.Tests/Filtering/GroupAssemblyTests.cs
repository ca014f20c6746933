using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Filtering;
using ICPO.Actors.Tests.Fakes;

namespace ICPO.Actors.Tests.Filtering;

public sealed class GroupAssemblyTests
{
    [Fact]
    public void A_rollout_counts_once_however_often_it_comes_and_the_order_does_not_show() =>
        Gen.Select(Gen.Int[0, 5], Gen.Bool, Gen.Int[0, 2])
            .Array[0, 40]
            .Sample(arrivals =>
            {
                GroupSpec spec = Make.Spec(7, policy: 4, expert: 2);
                var assembly = new GroupAssembly(Plans.Of(spec));
                var first = new Dictionary<int, bool>();
                var seen = new HashSet<(int, int)>();
                foreach ((int place, bool judged, int attempt) in arrivals)
                {
                    (Origin origin, int sibling) = place < 4 ? (Origin.Policy, place) : (Origin.Expert, place - 4);
                    var id = new RolloutId(spec.Id, origin, sibling);
                    bool isNew = first.TryAdd(place, judged);
                    if (judged)
                    {
                        Rollout rollout = Make.Rollout(spec, origin, sibling);
                        Assert.Null(assembly.Fault(rollout));
                        Arrival expected =
                            !seen.Add((place, attempt)) ? Arrival.Repeated
                            : isNew ? Arrival.Accepted
                            : Arrival.Superseded;
                        Assert.Equal(expected, assembly.Arrive(Plans.LeaseOf(id, attempt), rollout));
                        Assert.Equal(isNew, assembly.Judge(id, Judgment.Correct()) is not null);
                    }
                    else
                    {
                        Assert.Equal(isNew, assembly.Fail(id));
                    }

                    Assert.Equal(first.Count == spec.Size, assembly.IsComplete);
                }

                int[] places =
                [
                    .. assembly.Judged.Select(member => member.Rollout.Id.Sibling + (member.Rollout.Origin == Origin.Expert ? 4 : 0)),
                ];
                Assert.Equal(first.Where(entry => entry.Value).Select(entry => entry.Key).Order(), places);
                Assert.Equal(first.Count(entry => !entry.Value), assembly.Failed.Length);
            });
}
