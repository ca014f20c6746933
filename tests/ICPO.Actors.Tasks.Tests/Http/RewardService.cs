using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Tasks.Tests.Http;

/// <summary>A service on this machine that judges as a test says.</summary>
internal sealed class RewardService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RewardService(WebApplication app) => _app = app;

    /// <summary>The requests so far: their cases.</summary>
    public ConcurrentQueue<JsonElement[]> Requests { get; } = new();

    public ConcurrentQueue<string> Authorizations { get; } = new();

    public string Url =>
        _app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.First()
            .Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + "/judge";

    /// <summary>Answers every request with what <paramref name="respond"/> writes.</summary>
    public static async Task<RewardService> StartAsync(Func<HttpContext, JsonElement[], Task> respond, X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => _ = certificate is null ? listen : listen.UseHttps(certificate))
        );
        WebApplication app = builder.Build();
        var service = new RewardService(app);
        app.MapPost("/judge", async context =>
        {
            using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body);
            JsonElement[] cases = [.. body.RootElement.GetProperty("cases").EnumerateArray().Select(one => one.Clone())];
            service.Requests.Enqueue(cases);
            service.Authorizations.Enqueue(context.Request.Headers.Authorization.ToString());
            await respond(context, cases);
        });
        await app.StartAsync();
        return service;
    }

    /// <summary>Answers each case with the members that <paramref name="answer"/> writes after its id.</summary>
    public static Task AnswerAsync(HttpContext context, JsonElement[] cases, Func<JsonElement, string> answer) =>
        context.Response.WriteAsync(
            $"{{\"answers\":[{string.Join(",", cases.Select(one => $"{{\"id\":{one.GetProperty("id").GetRawText()},{answer(one)}}}"))}]}}"
        );

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
