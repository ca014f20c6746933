using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Buffering;

/// <summary>A stored group that is not consumed.</summary>
/// <param name="Stored">Its admission.</param>
/// <param name="AdmittedAt">The last committed update when it was admitted.</param>
/// <param name="TimesTrained">Updates that have trained on it.</param>
internal sealed record PendingGroup(GroupAdmittedEvent Stored, PolicyVersion AdmittedAt, int TimesTrained)
{
    public GroupId Id => Stored.Group;
}
