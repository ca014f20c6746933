using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace ICPO.Actors.Tasks.Http;

/// <summary>Posts JSON with attempts and a deadline for all of them together.</summary>
internal sealed class HttpPost(HttpClient client, Uri address, int attempts, TimeSpan retryDelay)
{
    private const int MaxShown = 160;

    /// <summary>The body of a successful response.</summary>
    /// <param name="json">The body of the request.</param>
    /// <param name="timeout">The time for all attempts.</param>
    /// <param name="maxAttempts">Fewer attempts than configured; null for all.</param>
    /// <exception cref="HttpFailureException">No attempt succeeded in time.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public async Task<byte[]> SendAsync(byte[] json, TimeSpan timeout, int? maxAttempts, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        HttpFailureException? last = null;
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                try
                {
                    return await TryAsync(json, deadline.Token).ConfigureAwait(false);
                }
                catch (HttpFailureException e)
                    when (e.Kind is FailureKind.Away or FailureKind.Failed && attempt < Math.Min(attempts, maxAttempts ?? attempts))
                {
                    last = e;
                    await Task.Delay(Pause(attempt, e.RetryAfter, timeout), deadline.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            string before = last is null ? "" : $"; an attempt before: {last.Message}";
            throw new HttpFailureException(FailureKind.TimedOut, $"no response within {timeout.TotalSeconds} s{before}", cause: last);
        }
    }

    /// <summary>The pause after an attempt. A service may ask for years; the time for all attempts ends it earlier.</summary>
    private TimeSpan Pause(int attempt, TimeSpan? retryAfter, TimeSpan timeout)
    {
        double seconds = Math.Max(retryDelay.TotalSeconds * Math.Pow(2, attempt - 1), retryAfter?.TotalSeconds ?? 0);
        return seconds < timeout.TotalSeconds ? TimeSpan.FromSeconds(seconds) : timeout;
    }

    private async Task<byte[]> TryAsync(byte[] json, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new ByteArrayContent(json);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
            using HttpResponseMessage response = await client.PostAsync(address, content, cancellationToken).ConfigureAwait(false);
            byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            return response.StatusCode == HttpStatusCode.OK ? body : throw Failure(response, body);
        }
        catch (HttpRequestException e)
        {
            bool isTooLong = e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded;
            throw new HttpFailureException(
                isTooLong ? FailureKind.Refused : FailureKind.Away,
                isTooLong ? $"the response is longer than {client.MaxResponseContentBufferSize} bytes" : Reason(e),
                cause: e
            );
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new HttpFailureException(FailureKind.Away, e.Message.TrimEnd('.'), cause: e);
        }
    }

    private HttpFailureException Failure(HttpResponseMessage response, byte[] body)
    {
        int status = (int)response.StatusCode;
        FailureKind kind = response.StatusCode switch
        {
            HttpStatusCode.RequestTimeout
            or HttpStatusCode.TooManyRequests
            or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable
            or HttpStatusCode.GatewayTimeout => FailureKind.Away,
            >= HttpStatusCode.InternalServerError => FailureKind.Failed,
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity => FailureKind.Refused,
            _ => FailureKind.Denied,
        };
        string text = Shown(body);
        return new(kind, $"status {status}{(text.Length > 0 ? $" (\"{text}\")" : "")}", RetryAfter(response.Headers));
    }

    /// <summary>The pause that a service asks for, as seconds or as a date.</summary>
    private static TimeSpan? RetryAfter(HttpResponseHeaders headers) =>
        headers.RetryAfter?.Delta ?? headers.RetryAfter?.Date - (headers.Date ?? TimeProvider.System.GetUtcNow());

    /// <summary>The beginning of a body in one line; a secret that the service repeats is not shown.</summary>
    private string Shown(byte[] body)
    {
        string text = Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, 4096));
        if (client.DefaultRequestHeaders.Authorization?.Parameter is { } secret)
        {
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        }

        text = string.Concat(text.ReplaceLineEndings(" ").Trim().Where(c => !char.IsControl(c)));
        return text.Length <= MaxShown ? text : text[..MaxShown] + "…";
    }

    private static string Reason(HttpRequestException e) =>
        (e.InnerException?.Message ?? e.Message).TrimEnd('.') is { Length: > 0 } reason ? reason : e.HttpRequestError.ToString();
}
