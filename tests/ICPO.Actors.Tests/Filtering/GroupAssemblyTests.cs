using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Filtering;

namespace ICPO.Actors.Tests.Filtering;

public sealed class GroupAssemblyTests
{
    [Fact]
    public void A_rollout_counts_once_however_often_it_comes_and_the_order_does_not_show() =>
        Gen.Select(Gen.Int[0, 5], Gen.Bool)
            .Array[0, 40]
            .Sample(arrivals =>
            {
                GroupSpec spec = Make.Spec(7, policy: 4, expert: 2);
                var assembly = new GroupAssembly(spec);
                var first = new Dictionary<int, bool>();
                foreach ((int place, bool judged) in arrivals)
                {
                    (Origin origin, int sibling) = place < 4 ? (Origin.Policy, place) : (Origin.Expert, place - 4);
                    bool isNew = first.TryAdd(place, judged);
                    Assert.Equal(
                        isNew,
                        judged
                            ? assembly.Add(Make.Judged(spec, origin, sibling, 1))
                            : assembly.Fail(new RolloutId(spec.Id, origin, sibling))
                    );
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
