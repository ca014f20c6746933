using System.Net;
using System.Security.Cryptography;
using System.Text;
using ICPO.Actors.Serving.Errors;
using Microsoft.AspNetCore.Http;

namespace ICPO.Actors.Serving.Security;

/// <summary>
/// Rejects requests of clients that may not use the server. Without a key only requests to a loopback name are answered, and bodies must
/// be declared as JSON: a page of another site can neither send that to this machine without asking first, nor reach it by a name that
/// resolves to it (DNS rebinding).
/// </summary>
/// <param name="key">The key; null on a loopback address.</param>
internal sealed class ClientGuard(string? key)
{
    private const string Bearer = "Bearer ";
    private const int KeyBytes = 24;

    /// <summary>A new random key.</summary>
    public static string CreateKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes));

    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Problem(context) is { } problem ? ErrorReply.WriteAsync(context, problem) : next(context);
    }

    private ApiException? Problem(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (key is null && !IsLoopback(request.Host.Host))
        {
            return new ApiException(
                StatusCodes.Status421MisdirectedRequest,
                "Without a key the server is reached as localhost or 127.0.0.1 only.",
                code: "wrong_host"
            );
        }

        if (key is not null && request.Path != "/health" && !Matches(request.Headers.Authorization.ToString()))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return new ApiException(
                StatusCodes.Status401Unauthorized,
                "The key is missing or wrong; send the server's key as 'Authorization: Bearer KEY'.",
                code: "invalid_api_key"
            );
        }

        return HttpMethods.IsPost(request.Method) && !request.HasJsonContentType()
            ? new ApiException(
                StatusCodes.Status415UnsupportedMediaType,
                "The body must be JSON and be declared as such; send 'Content-Type: application/json'.",
                code: "wrong_content_type"
            )
            : null;
    }

    private bool Matches(string authorization) =>
        authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(authorization[Bearer.Length..]), Encoding.UTF8.GetBytes(key!));
}
