using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Tasks.Tests.Http;

/// <summary>A server of chat completions on this machine that answers as a test says.</summary>
internal sealed class ChatService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ChatService(WebApplication app) => _app = app;

    public ConcurrentQueue<JsonElement> Requests { get; } = new();

    public string Url =>
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/v1/chat/completions";

    /// <summary>The item "body" of the context holds the request as text.</summary>
    public static async Task<ChatService> StartAsync(Func<HttpContext, string> respond)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        var service = new ChatService(app);
        app.MapPost("/v1/chat/completions", async context =>
        {
            using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body);
            service.Requests.Enqueue(body.RootElement.Clone());
            context.Items["body"] = body.RootElement.GetRawText();
            await context.Response.WriteAsync(respond(context));
        });
        await app.StartAsync();
        return service;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
