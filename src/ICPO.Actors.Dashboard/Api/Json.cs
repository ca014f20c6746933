using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ICPO.Actors.Dashboard.Api;

/// <summary>JSON responses. Numbers that JSON does not have are null.</summary>
internal static class Json
{
    public static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> write) => [.. items.Select(write)];

    public static JsonNode? Number(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;

    /// <summary>A number with so many significant digits as a chart can show.</summary>
    public static JsonNode? Short(double value)
    {
        if (!double.IsFinite(value) || value == 0)
        {
            return value == 0 ? JsonValue.Create(0) : null;
        }

        const int Digits = 7;
        int scale = Digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return scale is >= 0 and <= 15 ? JsonValue.Create(Math.Round(value, scale)) : JsonValue.Create(value);
    }

    public static string Name<T>(T member)
        where T : struct, Enum => member.ToString().ToLowerInvariant();

    /// <summary>A name in words, such as <c>replaced by expert</c>.</summary>
    public static string Words<T>(T member)
        where T : struct, Enum =>
        string.Concat(
            member.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $" {char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}")
        );

    public static Task WriteAsync(HttpContext context, JsonNode value, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(value.ToJsonString(), context.RequestAborted);
    }

    public static Task WriteErrorAsync(HttpContext context, int status, string message) =>
        WriteAsync(context, new JsonObject { ["error"] = message }, status);
}
