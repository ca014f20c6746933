using System.Collections.Immutable;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.RunFiles.Inspection;

/// <summary>A group as the events of the journal describe it, without its payload.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Fate">Its fate.</param>
/// <param name="Update">The update that trained on it, or that it is prepared for.</param>
/// <param name="Stored">Its admission; null if it was not admitted.</param>
/// <param name="Rejection">Its rejection; null if it was not rejected.</param>
internal sealed record GroupEntry(
    GroupId Id,
    GroupFate Fate,
    PolicyVersion? Update = null,
    GroupAdmittedEvent? Stored = null,
    GroupRejectedEvent? Rejection = null
)
{
    /// <summary>Rollouts of it that do not train.</summary>
    public ImmutableArray<DroppedRollout> Dropped => Stored?.Dropped ?? Rejection?.Dropped ?? [];
}
