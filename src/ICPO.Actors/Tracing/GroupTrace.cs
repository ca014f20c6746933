using System.Diagnostics;
using ICPO.Actors.Contracts.Dispatching;

namespace ICPO.Actors.Tracing;

/// <summary>The open spans of a group. Thread-safe: dispatcher, filter and buffer report to it.</summary>
/// <param name="span">Covers all others.</param>
internal sealed class GroupTrace(Activity span)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<LeaseId, (int Attempt, Activity Span)> _leases = [];
    private Activity? _admit;
    private Activity? _train;

    public ActivityContext Span => span.Context;

    /// <summary>W3C trace context.</summary>
    public string? Context => span.Id;

    public bool IsPrepared
    {
        get
        {
            lock (_gate)
            {
                return _train is not null;
            }
        }
    }

    /// <returns>The trace context of the lease's span, the same one for a lease that is sent again.</returns>
    public string? Leased(LeaseId lease, int rollouts)
    {
        LeaseId key = lease with { Attempt = 0 };
        lock (_gate)
        {
            if (_leases.TryGetValue(key, out (int Attempt, Activity Span) given) && given.Attempt == lease.Attempt)
            {
                return given.Span.Id;
            }

            if (_leases.Remove(key))
            {
                given.Span.Fail("the lease was given again").End();
            }

            if (Spans.Begin(SpanNames.Lease, Span) is not { } made)
            {
                return null;
            }

            made.SetTag(SpanNames.OriginAttribute, lease.Origin.ToString().ToLowerInvariant())
                .SetTag(SpanNames.SiblingAttribute, lease.FirstSibling)
                .SetTag(SpanNames.AttemptAttribute, lease.Attempt)
                .SetTag(SpanNames.RolloutsAttribute, rollouts);
            _leases.Add(key, (lease.Attempt, made));
            return made.Id;
        }
    }

    public void LeaseEnded(LeaseId lease)
    {
        lock (_gate)
        {
            if (_leases.Remove(lease with { Attempt = 0 }, out (int Attempt, Activity Span) given))
            {
                given.Span.End();
            }
        }
    }

    public void Decided()
    {
        lock (_gate)
        {
            EndLeases();
            _admit ??= Spans.Begin(SpanNames.Admit, Span);
        }
    }

    public void Admitted()
    {
        lock (_gate)
        {
            _admit?.End();
            _admit = null;
        }
    }

    /// <param name="update">That it trains in.</param>
    /// <param name="by">The update's span; null without a listener.</param>
    public void Prepared(long update, ActivityContext? by)
    {
        lock (_gate)
        {
            IEnumerable<ActivityLink> links = by is { } context ? [new ActivityLink(context)] : [];
            _train ??= Spans.Begin(SpanNames.Train, Span, links);
            _train?.SetTag(SpanNames.UpdateAttribute, update);
            span.SetTag(SpanNames.UpdateAttribute, update);
        }
    }

    /// <param name="outcome">What became of the group.</param>
    public void End(string outcome)
    {
        lock (_gate)
        {
            EndLeases();
            _admit?.End();
            _train?.End();
            span.SetTag(SpanNames.OutcomeAttribute, outcome).End();
        }
    }

    private void EndLeases()
    {
        foreach ((_, Activity lease) in _leases.Values)
        {
            lease.End();
        }

        _leases.Clear();
    }
}
