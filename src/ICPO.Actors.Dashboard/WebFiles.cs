using System.Collections.Frozen;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ICPO.Actors.Dashboard;

/// <summary>The files of the page, which are resources of this assembly.</summary>
internal static class WebFiles
{
    private const string Index = "index.html";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    private static readonly Assembly Assembly = typeof(WebFiles).Assembly;

    /// <summary>The names of the files.</summary>
    public static IEnumerable<string> Names =>
        Assembly.GetManifestResourceNames().Where(name => Types.ContainsKey(Path.GetExtension(name)));

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (string name in Names)
        {
            routes.MapMethods($"/{name}", [HttpMethods.Get, HttpMethods.Head], context => WriteAsync(context, name));
        }

        routes.MapMethods("/", [HttpMethods.Get, HttpMethods.Head], context => WriteAsync(context, Index));
    }

    private static async Task WriteAsync(HttpContext context, string name)
    {
        context.Response.ContentType = Types[Path.GetExtension(name)];
        await using Stream content = Assembly.GetManifestResourceStream(name)!;
        context.Response.ContentLength = content.Length;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await content.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
        }
    }
}
