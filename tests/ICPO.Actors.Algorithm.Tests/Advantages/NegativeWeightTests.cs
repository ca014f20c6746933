using ICPO.Actors.Algorithm.Advantages;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Tests.Advantages;

public sealed class NegativeWeightTests
{
    private static readonly Gen<(double[] Advantages, Origin[] Origins)> Groups = Gen.Select(Gen.Double[-3, 3], Gen.Bool)
        .Array[1, 12]
        .Select(members =>
            (members.Select(m => m.Item1).ToArray(), members.Select(m => m.Item2 ? Origin.Expert : Origin.Policy).ToArray())
        );

    [Fact]
    public void A_weight_of_one_changes_nothing() =>
        Groups.Sample(group => Weighed(group.Advantages, group.Origins, 1).SequenceEqual(group.Advantages));

    [Fact]
    public void Where_only_experts_are_right_the_negative_advantages_of_the_policy_alone_are_weighed() =>
        Groups.Sample(group =>
        {
            double[] weighed = Weighed(group.Advantages, group.Origins, 0.25);
            bool alone = Positive(group, Origin.Expert) && !Positive(group, Origin.Policy);
            return weighed
                .Select(
                    (w, i) => w == (alone && group.Advantages[i] < 0 && group.Origins[i] == Origin.Policy ? 0.25 : 1) * group.Advantages[i]
                )
                .All(same => same);
        });

    [Fact]
    public void Seven_wrong_siblings_of_one_right_expert_weigh_half_at_a_half()
    {
        Origin[] origins = [.. Enumerable.Repeat(Origin.Policy, 7), Origin.Expert];
        double[] advantages = Centered.Instance.Compute([0, 0, 0, 0, 0, 0, 0, 1], 0);
        Assert.Equal([.. Enumerable.Repeat(-0.0625, 7), 0.875], Weighed(advantages, origins, 0.5));
    }

    private static bool Positive((double[] Advantages, Origin[] Origins) group, Origin origin) =>
        group.Advantages.Zip(group.Origins).Any(member => member.First > 0 && member.Second == origin);

    private static double[] Weighed(double[] advantages, Origin[] origins, double weight)
    {
        double[] weighed = [.. advantages];
        NegativeWeighting.Apply(weighed, origins, weight);
        return weighed;
    }
}
