using System.Text.Json.Nodes;
using ICPO.Actors.Dashboard.Reading;
using Microsoft.AspNetCore.Http;

namespace ICPO.Actors.Dashboard.Api;

/// <summary>
/// Server-sent events: a run's overview whenever its files have changed. Nothing is kept between connections, so a browser that connects
/// again misses nothing.
/// </summary>
internal static class RunStream
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Ticks without a change until a comment shows that the connection is alive.</summary>
    private const int QuietTicks = 15;

    public static async Task WriteAsync(HttpContext context, RunSource run, TimeProvider time, CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        using var timer = new PeriodicTimer(Interval, time);
        (object? before, int quiet) = (null, 0);
        try
        {
            do
            {
                object now = run.Stamp();
                bool changed = !now.Equals(before);
                quiet = changed ? 0 : (quiet + 1) % QuietTicks;
                if (changed)
                {
                    JsonObject overview = RunJson.Create(run);
                    await SendAsync(context, $"event: run\ndata: {overview.ToJsonString()}\n\n", ended.Token).ConfigureAwait(false);
                    before = now;
                }
                else if (quiet == 0)
                {
                    await SendAsync(context, ":\n\n", ended.Token).ConfigureAwait(false);
                }
            } while (await timer.WaitForNextTickAsync(ended.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The browser or the server has closed the connection.
        }
    }

    private static async Task SendAsync(HttpContext context, string text, CancellationToken cancellationToken)
    {
        await context.Response.WriteAsync(text, cancellationToken).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
