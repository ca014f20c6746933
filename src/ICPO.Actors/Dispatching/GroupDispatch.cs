using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Admission;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Planning;

namespace ICPO.Actors.Dispatching;

/// <summary>A group to dispatch.</summary>
/// <param name="Plan">Its leases; rollouts that were restored have none.</param>
/// <param name="Restored">Rollouts of it that the journal holds already.</param>
/// <param name="WasDispatched">True where an earlier core had dispatched it.</param>
internal sealed record DispatchedGroup(GroupPlan Plan, ImmutableArray<JudgedRollout> Restored, bool WasDispatched);

/// <summary>
/// Decides whether another group may be dispatched, and which: undecided groups of an earlier start first, then new ones in order.
/// </summary>
internal sealed class GroupDispatch(GroupPlanner planner, GroupSettings group, AdmissionSettings settings, int samplesPerInsert)
{
    private readonly Queue<GroupId> _undecided = new();
    private readonly Dictionary<GroupId, PartialGroup> _partial = [];
    private readonly RejectionLimit _rejections = new(group.GroupsPerUpdate);
    private AdmissionState _admission;
    private GroupId _next;
    private bool _open;

    /// <summary>The origin whose demand opens new groups.</summary>
    public Origin LeadingOrigin { get; } = group.PolicyRollouts > 0 ? Origin.Policy : Origin.Expert;

    public bool IsOpen => _open;

    /// <summary>Groups that were dispatched and are not decided.</summary>
    public int Running => _admission.Running;

    /// <summary>True if groups are made of traces alone, which need no worker.</summary>
    public bool SamplesNothing => planner.SamplesNothing;

    /// <summary>True while the run needs groups that are not decided; otherwise the learner has all that it may have.</summary>
    public bool AwaitsGroups => _admission.Running > 0 || MayDispatch;

    public bool MayDispatch => _open && _admission.Capacity(settings, group.GroupsPerUpdate, samplesPerInsert) > 0;

    public void Open(DispatcherActor.Open open)
    {
        _admission =
            samplesPerInsert > 1
                ? new AdmissionState(open.Version, 0, open.Accepted, 0)
                : AdmissionState.Recovered(open.Version, open.Buffered, group.GroupsPerUpdate);
        _next = open.Next;
        foreach (GroupId id in open.Undecided)
        {
            _undecided.Enqueue(id);
        }

        foreach (PartialGroup partial in open.Kept)
        {
            _partial.Add(partial.Group, partial);
        }

        _open = true;
    }

    public void Close() => _open = false;

    public DispatchedGroup Next()
    {
        bool wasDispatched = _undecided.TryDequeue(out GroupId id);
        if (!wasDispatched)
        {
            id = _next;
            _next = new GroupId(id.Value + 1);
        }

        _partial.Remove(id, out PartialGroup? partial);
        GroupPlan plan = planner.Plan(id, _admission.Version, partial);
        _admission = _admission.Dispatched();
        return new DispatchedGroup(plan, partial?.Rollouts ?? [], wasDispatched);
    }

    public void Admitted()
    {
        _rejections.Reset();
        _admission = _admission.Admitted();
    }

    /// <param name="reason">Why the group does not train.</param>
    /// <param name="failure">The last failure of a lease, if any.</param>
    /// <exception cref="InvalidOperationException">Too many groups were rejected in a row.</exception>
    public void Rejected(GroupRejection reason, string? failure)
    {
        if (reason.IsExpiry())
        {
            _admission = _admission.Expired();
            return;
        }

        _rejections.Add(reason, failure);
        _admission = _admission.Rejected();
    }

    public void Advanced(PolicyVersion version) => _admission = _admission.Advanced(version);
}
