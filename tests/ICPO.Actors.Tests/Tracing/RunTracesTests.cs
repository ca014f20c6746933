using System.Diagnostics;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Tracing;

namespace ICPO.Actors.Tests.Tracing;

/// <summary>The spans of groups, told what happens to them.</summary>
public sealed class RunTracesTests : IDisposable
{
    private readonly string _run = $"{Guid.NewGuid():N}";
    private readonly List<Activity> _ended = [];
    private readonly ActivityListener _listener;
    private readonly RunTraces _traces;

    public RunTracesTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Spans.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (_ended)
                {
                    _ended.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
        _traces = new RunTraces(_run);
    }

    public void Dispose()
    {
        _traces.Dispose();
        _listener.Dispose();
    }

    [Fact]
    public void A_lease_that_is_sent_again_has_the_same_span_and_another_attempt_a_new_one()
    {
        _traces.Opened(Make.Spec(1));
        LeaseId lease = Make.Lease(1).Id;

        string? first = _traces.Leased(lease, 2);

        Assert.NotNull(first);
        Assert.Equal(first, _traces.Leased(lease, 2));
        string? second = _traces.Leased(lease with { Attempt = 1 }, 2);
        Assert.NotEqual(first, second);
        Assert.Equal(TraceOf(first), TraceOf(second));
        Assert.Equal(ActivityStatusCode.Error, Assert.Single(Ended(first!), span => span.OperationName == "icpo.lease").Status);
    }

    [Fact]
    public void A_rejected_group_ends_with_its_reason_and_leaves_nothing_open()
    {
        _traces.Opened(Make.Spec(1));
        string lease = _traces.Leased(Make.Lease(1).Id, 2)!;
        _traces.Recorded(new GroupRejectedEvent(new(1), GroupRejection.NoSignal, []));

        Activity[] ended = [.. Ended(lease)];
        Assert.Equal(["icpo.group", "icpo.lease"], ended.Select(span => span.OperationName).Order());
        Assert.Equal("nosignal", ended.Single(span => span.OperationName == "icpo.group").GetTagItem("icpo.outcome"));
        Assert.Null(_traces.ContextOf(new(1)));
    }

    [Fact]
    public void What_is_open_when_the_run_ends_is_ended_as_open()
    {
        _traces.Opened(Make.Spec(1));
        _traces.Opened(Make.Spec(2));
        string lease = _traces.Leased(Make.Lease(2).Id, 2)!;
        _traces.Recorded(new UpdatePreparedEvent(new(0), new(1), [new(1)]));

        _traces.Dispose();

        Assert.Equal("open", Ended(lease).Single(span => span.OperationName == "icpo.group").GetTagItem("icpo.outcome"));
        lock (_ended)
        {
            Assert.Contains(_ended, span => span.OperationName == "icpo.update" && Equals(span.GetTagItem("icpo.run"), _run));
        }
    }

    [Fact]
    public void A_span_never_becomes_the_current_one_of_the_thread()
    {
        using Activity own = new Activity("own").Start();

        _traces.Opened(Make.Spec(1));
        _traces.Leased(Make.Lease(1).Id, 2);
        Assert.Same(own, Activity.Current);
        _traces.Decided(new(1));
        _traces.Recorded(new GroupRejectedEvent(new(1), GroupRejection.NoSignal, []));

        Assert.Same(own, Activity.Current);
    }

    [Fact]
    public void What_was_opened_before_anyone_listened_is_no_trace() =>
        Assert.All(
            new IBufferEvent[]
            {
                new GroupRejectedEvent(new(7), GroupRejection.NoSignal, []),
                new UpdatePreparedEvent(new(0), new(1), [new(7)]),
                new UpdateCommittedEvent(new(1), new(1), ""),
            },
            happened =>
            {
                _traces.Recorded(happened);
                Assert.Null(_traces.ContextOf(new(7)));
            }
        );

    private IEnumerable<Activity> Ended(string context)
    {
        lock (_ended)
        {
            return [.. _ended.Where(span => span.TraceId.ToString() == TraceOf(context))];
        }
    }

    private static string? TraceOf(string? context) => context?.Split('-')[1];
}
