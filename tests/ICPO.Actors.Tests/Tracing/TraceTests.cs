using System.Collections.Concurrent;
using System.Diagnostics;
using ICPO.Actors.Tests.Journals;
using ICPO.Actors.Tracing;

namespace ICPO.Actors.Tests.Tracing;

/// <summary>The traces of a whole run.</summary>
public sealed class TraceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentBag<Activity> _spans = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_trace_leads_from_lease_to_update_and_an_update_links_to_its_groups()
    {
        // Other tests of this process run at the same time; a run is told by the name of its directory.
        string name = $"traced-{Guid.NewGuid():N}";
        using (ActivityListener listener = Listen())
        {
            await FinishedRun.MakeAsync(_folder.In(name));
        }

        Activity[] groups = [.. Named("icpo.group").Where(span => Equals(span.GetTagItem("icpo.run"), name))];
        Activity[] updates = [.. Named("icpo.update").Where(span => Equals(span.GetTagItem("icpo.run"), name))];
        Activity[] trained = [.. groups.Where(span => Equals(span.GetTagItem("icpo.outcome"), "trained"))];

        Assert.Equal([1L, 2, 3, 4, 5, 6], updates.Select(span => (long)span.GetTagItem("icpo.update")!).Order());
        Assert.Equal(12, trained.Length);
        Assert.Equal(
            trained.Select(span => span.Context).OrderBy(context => context.SpanId.ToString()),
            updates.SelectMany(span => span.Links).Select(link => link.Context).OrderBy(context => context.SpanId.ToString())
        );
        Assert.All(trained, ExpectWhole);
        Assert.All(groups.Except(trained), span => Assert.NotNull(span.GetTagItem("icpo.outcome")));
        Assert.Equal(groups.Length, groups.Select(span => span.TraceId).Distinct().Count());
    }

    [Fact]
    public void A_group_that_was_not_opened_has_no_context_for_messages()
    {
        Assert.Null(new RunTraces("none").Leased(Make.Lease(1).Id, 1));
        Assert.Null(new RunTraces("none").ContextOf(new(1)));
    }

    /// <summary>lease → rollouts and verdicts → admission → training, all in one trace and each inside the group's span.</summary>
    private void ExpectWhole(Activity group)
    {
        Activity[] trace = [.. _spans.Where(span => span.TraceId == group.TraceId)];
        int rollouts = (int)group.GetTagItem("icpo.rollouts")!;

        Assert.Equal(default, group.ParentSpanId);
        Assert.Equal(rollouts, trace.Count(span => span.OperationName == "icpo.rollout"));
        Assert.Equal(rollouts, trace.Count(span => span.OperationName == "icpo.verify"));
        Activity[] leases = [.. trace.Where(span => span.OperationName == "icpo.lease")];
        Assert.All(trace.Where(span => span.OperationName == "icpo.rollout"), span =>
            Assert.Contains(span.ParentSpanId, leases.Select(lease => lease.SpanId))
        );
        Assert.All(trace.Where(span => span.OperationName is "icpo.lease" or "icpo.verify" or "icpo.admit" or "icpo.train"), span =>
            Assert.Equal(group.SpanId, span.ParentSpanId)
        );
        Activity admit = Assert.Single(trace, span => span.OperationName == "icpo.admit"),
            train = Assert.Single(trace, span => span.OperationName == "icpo.train");
        Assert.Equal(train.GetTagItem("icpo.update"), group.GetTagItem("icpo.update"));
        Assert.Single(train.Links);
        Assert.True(leases.Max(lease => lease.StartTimeUtc) <= admit.StartTimeUtc && admit.StartTimeUtc <= train.StartTimeUtc);
        Assert.All(trace, span => Assert.NotEqual(ActivityStatusCode.Error, span.Status));
    }

    private IEnumerable<Activity> Named(string name) => _spans.Where(span => span.OperationName == name);

    private ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Spans.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
