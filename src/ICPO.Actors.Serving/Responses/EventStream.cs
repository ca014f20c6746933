using Microsoft.AspNetCore.Http;

namespace ICPO.Actors.Serving.Responses;

/// <summary>Server-sent events.</summary>
internal static class EventStream
{
    /// <summary>The data of the last event.</summary>
    public const string End = "[DONE]";

    /// <summary>Sends one event; the first one starts the response.</summary>
    /// <param name="context">The request.</param>
    /// <param name="data">One line.</param>
    /// <param name="cancellationToken">Ends the wait for a slow client.</param>
    public static async Task SendAsync(HttpContext context, string data, CancellationToken cancellationToken)
    {
        HttpResponse response = context.Response;
        if (!response.HasStarted)
        {
            response.ContentType = "text/event-stream; charset=utf-8";
            response.Headers.CacheControl = "no-cache";
        }

        await response.WriteAsync($"data: {data}\n\n", cancellationToken).ConfigureAwait(false);
        await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
