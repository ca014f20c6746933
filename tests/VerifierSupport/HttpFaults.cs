using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace VerifierSupport;

/// <summary>A service that judges half of the cases and fails on the others, in every way that a service can fail.</summary>
public sealed class HttpFaults : IAsyncDisposable
{
    private static readonly ImmutableArray<(string Name, Func<HttpContext, string, Task> Respond)> All =
    [
        ("a page of HTML", Body("<html>busy</html>")),
        ("an array", Body("[]")),
        ("an object without answers", Body("{}")),
        ("no answer", Body("{\"answers\":[]}")),
        ("answers that are an object", Body("{\"answers\":{\"reward\":0}}")),
        ("an answer without an id", Body("{\"answers\":[{\"reward\":0}]}")),
        ("the id of another case", Body("{\"answers\":[{\"id\":\"0\",\"reward\":0}]}")),
        ("two answers for a case", Body("{\"answers\":[{\"id\":ID,\"reward\":0},{\"id\":ID,\"reward\":1}]}")),
        ("no reward", Answer("\"note\":\"none\"")),
        ("a reward of null", Answer("\"reward\":null")),
        ("a reward of NaN", Answer("\"reward\":NaN")),
        ("a reward as a string", Answer("\"reward\":\"0\"")),
        ("a reward out of range", Answer("\"reward\":-0.5")),
        ("an error", Answer("\"error\":\"no model\"")),
        ("half a body", Body("{\"answers\":[{\"id\":ID,\"reward\":0}")),
        ("status 400 with a valid answer", Status(400)),
        ("status 401 with a valid answer", Status(401)),
        ("status 500 with a valid answer", Status(500)),
        ("status 503 with a valid answer", Status(503)),
        ("a redirect", Status(302)),
        ("a closed connection", Abort),
        ("no response in time", (context, _) => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted)),
    ];

    private readonly WebApplication _app;
    private readonly int[] _injected = new int[All.Length];
    private int _answered;

    private HttpFaults(WebApplication app) => _app = app;

    public static FaultPlan Plan { get; } = new([.. All.Select(fault => fault.Name)]);

    /// <summary>How often each fault was injected.</summary>
    public IReadOnlyList<int> Injected => _injected;

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/judge";

    public static async Task<HttpFaults> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        var service = new HttpFaults(app);
        app.MapPost("/judge", service.RespondAsync);
        await app.StartAsync().ConfigureAwait(false);
        return service;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task RespondAsync(HttpContext context)
    {
        using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body).ConfigureAwait(false);
        JsonElement one = body.RootElement.GetProperty("cases")[0];
        string id = one.GetProperty("id").GetRawText();
        int outcome = Plan.OutcomeOf(one.GetProperty("question_id").GetString()!, one.GetProperty("response").GetString()!);
        if (outcome >= All.Length)
        {
            Volatile.Write(ref _answered, 1);
            string reward = FaultPlan.RewardOf(outcome).ToString(CultureInfo.InvariantCulture);
            await context.Response.WriteAsync($"{{\"answers\":[{{\"id\":{id},\"reward\":{reward}}}]}}").ConfigureAwait(false);
            return;
        }

        // A service that has never answered anything ends a run, so the first faults are of the first kind.
        outcome = Volatile.Read(ref _answered) == 1 ? outcome : 0;
        Interlocked.Increment(ref _injected[outcome]);
        await All[outcome].Respond(context, id).ConfigureAwait(false);
    }

    private static Func<HttpContext, string, Task> Body(string text) =>
        (context, id) => context.Response.WriteAsync(text.Replace("ID", id, StringComparison.Ordinal));

    private static Func<HttpContext, string, Task> Answer(string members) => Body($"{{\"answers\":[{{\"id\":ID,{members}}}]}}");

    private static Func<HttpContext, string, Task> Status(int status) =>
        (context, id) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/judge";
            return Answer("\"reward\":0")(context, id);
        };

    private static Task Abort(HttpContext context, string id)
    {
        context.Abort();
        return Task.CompletedTask;
    }
}
