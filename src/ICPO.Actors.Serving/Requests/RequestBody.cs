using System.Text.Json;
using ICPO.Actors.Serving.Errors;
using Microsoft.AspNetCore.Http;

namespace ICPO.Actors.Serving.Requests;

/// <summary>Reads the body of a request.</summary>
internal static class RequestBody
{
    private const int MaxDepth = 32;

    private static readonly JsonDocumentOptions Json = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    /// <exception cref="ApiException">It is not a JSON object.</exception>
    /// <exception cref="BadHttpRequestException">It is too long, or arrives too slowly.</exception>
    public static async Task<RequestFields> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken).ConfigureAwait(false);
        try
        {
            return RequestFields.Create(JsonElement.Parse(body.GetBuffer().AsSpan(0, (int)body.Length), Json), path: null);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw ApiException.Invalid(null, $"The body is not valid JSON: {error.Message.TrimEnd('.')}.", "invalid_json");
        }
    }
}
