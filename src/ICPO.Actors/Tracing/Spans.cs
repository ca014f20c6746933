using System.Diagnostics;

namespace ICPO.Actors.Tracing;

/// <summary>
/// The activity source <c>ICPO.Actors</c>, with which a host app can export the traces of runs with OpenTelemetry (docs/embedding.md lists
/// the spans). Without a listener no span is made.
/// </summary>
public static class Spans
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "ICPO.Actors";

    private static readonly ActivitySource Source = new(SourceName, typeof(Spans).Assembly.GetName().Version?.ToString(3));

    /// <summary>True if anyone listens.</summary>
    internal static bool IsOn => Source.HasListeners();

    /// <summary>Starts a span that ends elsewhere: it does not become the current one of this thread.</summary>
    /// <param name="name">The name of the span.</param>
    /// <param name="parent">Its parent; the default begins a trace.</param>
    /// <param name="links">Traces that it belongs to as well.</param>
    /// <param name="start">When it began; the default is now.</param>
    /// <returns>Null without a listener.</returns>
    internal static Activity? Begin(
        string name,
        ActivityContext parent = default,
        IEnumerable<ActivityLink>? links = null,
        DateTimeOffset start = default
    )
    {
        if (!IsOn)
        {
            return null;
        }

        Activity? current = Activity.Current;
        Activity.Current = null;
        Activity? span = Source.StartActivity(ActivityKind.Internal, parent, tags: null, links, start, name);
        Activity.Current = current;
        return span;
    }

    /// <summary>As <see cref="Begin(string, ActivityContext, IEnumerable{ActivityLink}?, DateTimeOffset)"/>, under a parent of another
    /// process.</summary>
    /// <param name="name">The name of the span.</param>
    /// <param name="parent">W3C trace context, as a message brings it; null for none, which makes no span.</param>
    /// <param name="start">When it began; the default is now.</param>
    internal static Activity? Begin(string name, string? parent, DateTimeOffset start = default) =>
        parent is not null && ActivityContext.TryParse(parent, traceState: null, isRemote: true, out ActivityContext context)
            ? Begin(name, context, links: null, start)
            : null;

    /// <summary>Ends a span without changing the current one of this thread.</summary>
    internal static void End(this Activity span)
    {
        Activity? current = Activity.Current;
        span.Dispose();
        Activity.Current = current == span ? null : current;
    }

    internal static Activity Fail(this Activity span, string reason) => span.SetStatus(ActivityStatusCode.Error, reason);
}
