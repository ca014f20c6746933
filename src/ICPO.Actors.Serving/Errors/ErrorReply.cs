using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ICPO.Actors.Serving.Errors;

/// <summary>Errors as clients of this interface expect them.</summary>
internal static class ErrorReply
{
    private const string RetrySeconds = "1";

    public static JsonObject ToJson(ApiException error) =>
        new()
        {
            ["error"] = new JsonObject
            {
                ["message"] = error.Message,
                ["type"] = error.Type,
                ["param"] = error.Field,
                ["code"] = error.Code,
            },
        };

    /// <summary>Writes an error as the whole response.</summary>
    public static Task WriteAsync(HttpContext context, ApiException error)
    {
        HttpResponse response = context.Response;
        response.StatusCode = error.Status;
        response.ContentType = "application/json; charset=utf-8";
        if (error.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = RetrySeconds;
        }

        return response.WriteAsync(ToJson(error).ToJsonString(), context.RequestAborted);
    }
}
