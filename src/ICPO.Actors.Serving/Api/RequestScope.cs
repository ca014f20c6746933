using ICPO.Actors.Serving.Errors;
using ICPO.Actors.Serving.Responses;
using Microsoft.AspNetCore.Http;

namespace ICPO.Actors.Serving.Api;

/// <summary>Bounds a request in time, and answers it where it fails.</summary>
/// <param name="gate">Bounds the number of requests.</param>
/// <param name="timeout">Longest time until a response is complete.</param>
/// <param name="time">The clock.</param>
/// <param name="failed">Gets errors that are not the request's.</param>
/// <param name="stopping">Canceled when requests must end.</param>
internal sealed class RequestScope(
    RequestGate gate,
    TimeSpan timeout,
    TimeProvider time,
    Action<Exception> failed,
    CancellationToken stopping
)
{
    /// <summary>Seconds since 1970.</summary>
    public long Now => time.GetUtcNow().ToUnixTimeSeconds();

    public async Task RunAsync(HttpContext context, Func<CancellationToken, Task> respond)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, deadline.Token, stopping);
        try
        {
            using IDisposable entered = gate.Enter();
            try
            {
                await respond(ended.Token).ConfigureAwait(false);
            }
            catch (Exception) when (context.RequestAborted.IsCancellationRequested)
            {
                // The client has closed the connection; no response is sent.
            }
            catch (Exception error)
            {
                await ReplyAsync(context, Describe(error, deadline.Token)).ConfigureAwait(false);
            }
        }
        catch (ApiException error)
        {
            await ErrorReply.WriteAsync(context, error).ConfigureAwait(false);
        }
    }

    private static async Task ReplyAsync(HttpContext context, ApiException error)
    {
        if (!context.Response.HasStarted)
        {
            await ErrorReply.WriteAsync(context, error).ConfigureAwait(false);
        }
        else
        {
            // The status has been sent; clients recognize an event with an error.
            await EventStream.SendAsync(context, ErrorReply.ToJson(error).ToJsonString(), context.RequestAborted).ConfigureAwait(false);
        }
    }

    private ApiException Describe(Exception error, CancellationToken deadline)
    {
        switch (error)
        {
            case ApiException known:
                return known;
            case OperationCanceledException or ObjectDisposedException when stopping.IsCancellationRequested:
                return RequestGate.Stopping();
            case OperationCanceledException when deadline.IsCancellationRequested:
                return new ApiException(
                    StatusCodes.Status504GatewayTimeout,
                    $"The response was not complete after {timeout.TotalSeconds:0} s; ask for fewer tokens or responses, "
                        + "or send it again later.",
                    code: "timeout"
                );
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return new ApiException(
                    StatusCodes.Status413PayloadTooLarge,
                    "The body is too long; send fewer prompts in a request.",
                    code: "body_too_long"
                );
            case BadHttpRequestException bad:
                return new ApiException(bad.StatusCode, $"The request cannot be read: {bad.Message}", code: "bad_request");
            default:
                failed(error);
                return new ApiException(
                    StatusCodes.Status500InternalServerError,
                    $"The model cannot compute this: {error.Message.Split('\n')[0].TrimEnd('.')}.",
                    code: "internal_error"
                );
        }
    }
}
