using System.Net;
using ICPO.Actors.Dashboard.Api;
using Microsoft.AspNetCore.Http;

namespace ICPO.Actors.Dashboard.Security;

/// <summary>
/// Rejects what a dashboard must not answer, and sets the headers that limit what a page may do. Without a key only requests to a loopback
/// name are answered: a page of another site whose name resolves to this machine (DNS rebinding) sends its own name.
/// </summary>
/// <param name="key">The key; null on a loopback address.</param>
internal sealed class RequestGuard(AccessKey? key)
{
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        AddHeaders(context.Response.Headers);
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return RejectAsync(
                context,
                StatusCodes.Status405MethodNotAllowed,
                "The dashboard only shows runs: it answers GET and HEAD requests and changes nothing. Runs are started, stopped and "
                    + "changed with icpo (icpo --help)."
            );
        }

        if (key is null)
        {
            return IsLoopback(context.Request.Host.Host)
                ? next(context)
                : RejectAsync(
                    context,
                    StatusCodes.Status421MisdirectedRequest,
                    "This dashboard has no key, so it answers only under the names localhost and 127.0.0.1, and this request used another "
                        + "name. Open http://localhost with the dashboard's port. From another machine, forward the port with ssh -L, or "
                        + "start the dashboard with --listen, which requires a key."
                );
        }

        if (key.Admit(context))
        {
            return next(context);
        }

        return context.Response.StatusCode == StatusCodes.Status302Found
            ? Task.CompletedTask
            : RejectAsync(
                context,
                StatusCodes.Status401Unauthorized,
                "This dashboard requires a key. Open the address that icpo printed when the dashboard started (it ends with ?key=...), or "
                    + "add ?key= and the value of ICPO_DASHBOARD_KEY where that was set. Programs send Authorization: Bearer KEY."
            );
    }

    internal static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    private static void AddHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }

    /// <summary>JSON for programs, as other errors of the requests below /api; otherwise text, which a browser shows.</summary>
    private static Task RejectAsync(HttpContext context, int status, string message)
    {
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            return Json.WriteErrorAsync(context, status, message);
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(message, context.RequestAborted);
    }
}
