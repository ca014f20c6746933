using System.Text.Json.Nodes;
using ICPO.Actors.Serving.Errors;
using ICPO.Actors.Serving.Requests;
using ICPO.Actors.Serving.Responses;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ICPO.Actors.Serving.Api;

/// <summary>The routes.</summary>
/// <param name="served">The model.</param>
/// <param name="scope">What bounds and ends requests.</param>
internal sealed class ServingApi(ServedModel served, RequestScope scope)
{
    private const string Models = "/v1/models";

    private static readonly Dictionary<string, string> Methods = new()
    {
        ["/v1/completions"] = "POST",
        ["/v1/chat/completions"] = "POST",
        [Models] = "GET",
        ["/health"] = "GET",
    };

    public void Map(IEndpointRouteBuilder routes)
    {
        MapText(routes, "/v1/completions", new CompletionForm(), CompletionFields.Read);
        MapText(routes, "/v1/chat/completions", new ChatForm(), ChatFields.Read);
        routes.MapGet(Models, context => WriteAsync(context, ModelsJson.List(served)));
        routes.MapGet(Models + "/{**name}", context =>
        {
            string name = context.Request.RouteValues["name"] as string ?? "";
            return name == served.Name
                ? WriteAsync(context, ModelsJson.One(served))
                : ErrorReply.WriteAsync(context, SamplingFields.NoSuchModel(name, served));
        });
        routes.MapGet("/health", context =>
        {
            context.Response.StatusCode = served.Model.HasEnded ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
            return Task.CompletedTask;
        });
        routes.MapFallback("/{**rest}", RejectAsync);
    }

    private void MapText(
        IEndpointRouteBuilder routes,
        string route,
        IResponseForm form,
        Func<RequestFields, ServedModel, TextRequest> read
    ) => routes.MapPost(route, context => scope.RunAsync(context, async cancellation =>
            {
                TextRequest request = read(await RequestBody.ReadAsync(context.Request, cancellation).ConfigureAwait(false), served);
                await new ResponseWriter(context, served, request, form, scope.Now).WriteAsync(cancellation).ConfigureAwait(false);
            }));

    private static Task RejectAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "/";
        if (Methods.TryGetValue(path.TrimEnd('/'), out string? method))
        {
            context.Response.Headers.Allow = method;
            return ErrorReply.WriteAsync(
                context,
                new ApiException(StatusCodes.Status405MethodNotAllowed, $"{path} is requested with {method}.", code: "method_not_allowed")
            );
        }

        return ErrorReply.WriteAsync(
            context,
            new ApiException(
                StatusCodes.Status404NotFound,
                $"There is no {path}; there are {string.Join(", ", Methods.Keys)}.",
                code: "unknown_url"
            )
        );
    }

    private static Task WriteAsync(HttpContext context, JsonNode value)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(value.ToJsonString(), context.RequestAborted);
    }
}
