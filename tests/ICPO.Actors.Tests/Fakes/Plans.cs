using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Planning;

namespace ICPO.Actors.Tests.Fakes;

/// <summary>Plans of the groups of <see cref="Make"/>, whose rollouts have their sibling number as seed.</summary>
internal static class Plans
{
    public static GroupPlan Of(GroupSpec spec) =>
        new(
            spec,
            [
                .. spec.PolicyRollouts > 0 ? [Lease(spec, Origin.Policy, 0, spec.PolicyRollouts)] : Array.Empty<PlannedLease>(),
                .. Enumerable.Range(0, spec.ExpertRollouts).Select(sibling => Lease(spec, Origin.Expert, sibling, 1)),
            ],
            []
        );

    /// <summary>The lease that asks for a rollout.</summary>
    public static LeaseId LeaseOf(RolloutId id, int attempt = 0) =>
        new(id.Group, id.Origin, id.Origin == Origin.Policy ? 0 : id.Sibling, attempt);

    private static PlannedLease Lease(GroupSpec spec, Origin origin, int first, int count) =>
        new()
        {
            Id = new LeaseId(spec.Id, origin, first, 0),
            Prompt = spec.Prompt,
            Seeds = [.. Enumerable.Range(first, count).Select(sibling => (ulong)sibling)],
            NotBefore = spec.DispatchedAt,
        };
}
