using ICPO.Actors.Checkpointing;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Tests.Checkpointing;

public sealed class RetentionPolicyTests
{
    private static readonly Gen<PolicyVersion[]> Versions = Gen.Long[0, 60].HashSet[0, 15].Select(all => all.Select(Version).ToArray());

    [Fact]
    public void A_checkpoint_that_the_journal_refers_to_and_every_newer_one_stays() =>
        Gen.Select(Versions, Gen.Long[0, 60])
            .Sample(
                (present, oldest) =>
                {
                    PolicyVersion[] obsolete = [.. RetentionPolicy.ObsoleteCheckpoints(present, Version(oldest))];
                    Assert.Equal(present.Where(version => version.Value < oldest), obsolete);
                    Assert.Empty(RetentionPolicy.ObsoleteCheckpoints(present.Except(obsolete), Version(oldest)));
                }
            );

    [Fact]
    public void The_newest_weights_and_the_few_before_them_stay_however_often_it_is_applied() =>
        Gen.Select(Versions, Gen.Long[0, 60])
            .Sample(
                (present, newest) =>
                {
                    PolicyVersion[] kept = [.. present.Except(RetentionPolicy.ObsoletePolicies(present, Version(newest)))];
                    Assert.All(kept, version => Assert.True(newest - version.Value < RetentionPolicy.PoliciesKept));
                    Assert.True(kept.Count(version => version.Value <= newest) <= RetentionPolicy.PoliciesKept);
                    Assert.Equal(present.Contains(Version(newest)), kept.Contains(Version(newest)));
                    Assert.Empty(RetentionPolicy.ObsoletePolicies(kept, Version(newest)));
                }
            );

    private static PolicyVersion Version(long value) => new(value);
}
