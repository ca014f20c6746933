using Microsoft.AspNetCore.Http;

namespace ICPO.Actors.Serving.Errors;

/// <summary>A request that is not answered.</summary>
/// <param name="status">The status of the response.</param>
/// <param name="message">One sentence that names what is wrong and the fix.</param>
/// <param name="param">The field of the body that is wrong; null for none.</param>
/// <param name="code">The kind of error, for programs; null for none.</param>
internal sealed class ApiException(int status, string message, string? param = null, string? code = null) : Exception(message)
{
    public int Status => status;

    public string? Field => param;

    public string? Code => code;

    /// <summary>The type of an error with this status.</summary>
    public string Type =>
        status switch
        {
            StatusCodes.Status429TooManyRequests => "rate_limit_error",
            >= StatusCodes.Status500InternalServerError => "server_error",
            _ => "invalid_request_error",
        };

    /// <summary>A field that is missing or has a value that cannot be used.</summary>
    public static ApiException Invalid(string? field, string message, string? code = null) =>
        new(StatusCodes.Status400BadRequest, message, field, code);
}
