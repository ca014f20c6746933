using System.Collections.Concurrent;
using System.Diagnostics;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Tracing;

/// <summary>
/// The traces of a run's groups, one each, from the first lease to the update that trained on it; an update is a separate trace with links
/// to its groups. Kept in the core; workers add spans to a trace by the context in their messages. Thread-safe.
/// </summary>
/// <param name="run">Attribute of all traces: the name of the run's directory.</param>
public sealed class RunTraces(string run) : IDisposable
{
    private readonly ConcurrentDictionary<GroupId, GroupTrace> _groups = [];
    private Activity? _update;

    /// <summary>Traces of no run, for actors that are used alone.</summary>
    public static RunTraces None { get; } = new("");

    /// <summary>A group is dispatched.</summary>
    public void Opened(GroupSpec group)
    {
        ArgumentNullException.ThrowIfNull(group);
        if (Spans.Begin(SpanNames.Group) is { } span)
        {
            span.SetTag(SpanNames.RunAttribute, run)
                .SetTag(SpanNames.GroupAttribute, group.Id.Value)
                .SetTag(SpanNames.QuestionAttribute, group.Question.Id)
                .SetTag(SpanNames.RolloutsAttribute, group.Size)
                .SetTag(SpanNames.VersionAttribute, group.DispatchedAt.Value);
            _groups[group.Id] = new GroupTrace(span);
        }
    }

    /// <summary>A lease is given to a worker; the same one may be sent again.</summary>
    /// <returns>The trace context for the worker; null without a listener.</returns>
    public string? Leased(LeaseId lease, int rollouts) => Find(lease.Group)?.Leased(lease, rollouts);

    /// <summary>The core has all rollouts of a lease.</summary>
    public void LeaseEnded(LeaseId lease) => Find(lease.Group)?.LeaseEnded(lease);

    /// <summary>The trace context for the verification of a group's rollouts; null without a listener.</summary>
    public string? ContextOf(GroupId group) => Find(group)?.Context;

    /// <summary>All rollouts of a group have their verdicts, and it is to be recorded.</summary>
    public void Decided(GroupId group) => Find(group)?.Decided();

    /// <summary>The records in the journal.</summary>
    public void Recorded(IBufferEvent happened)
    {
        if (_groups.IsEmpty)
        {
            return;
        }

        switch (happened)
        {
            case GroupAdmittedEvent admitted:
                Find(admitted.Group)?.Admitted();
                break;
            case GroupRejectedEvent rejected:
                Remove(rejected.Group)?.End(rejected.Reason.ToString().ToLowerInvariant());
                break;
            case UpdatePreparedEvent prepared:
                Prepared(prepared);
                break;
            case UpdateCommittedEvent:
                Committed();
                break;
        }
    }

    /// <summary>Ends all spans: the run has ended.</summary>
    public void Dispose()
    {
        foreach (GroupId group in _groups.Keys)
        {
            Remove(group)?.End("open");
        }

        _update?.End();
    }

    private void Prepared(UpdatePreparedEvent prepared)
    {
        long update = prepared.From.Next().Value;
        GroupTrace[] groups = [.. prepared.Groups.Select(Find).OfType<GroupTrace>()];
        _update = Spans.Begin(SpanNames.Update, links: groups.Select(group => new ActivityLink(group.Span)));
        _update
            ?.SetTag(SpanNames.RunAttribute, run)
            .SetTag(SpanNames.UpdateAttribute, update)
            .SetTag(SpanNames.GroupsAttribute, prepared.Groups.Length);
        foreach (GroupTrace group in groups)
        {
            group.Prepared(update, _update?.Context);
        }
    }

    private void Committed()
    {
        foreach ((GroupId id, GroupTrace group) in _groups)
        {
            if (group.IsPrepared)
            {
                Remove(id)?.End("trained");
            }
        }

        _update?.End();
        _update = null;
    }

    private GroupTrace? Find(GroupId group) => _groups.IsEmpty ? null : _groups.GetValueOrDefault(group);

    private GroupTrace? Remove(GroupId group) => _groups.TryRemove(group, out GroupTrace? removed) ? removed : null;
}
