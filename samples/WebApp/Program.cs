using System.Collections.Concurrent;
using ICPO.Actors.Hosting;
using ICPO.Actors.Runs;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddIcpo();
builder.Services.AddHealthChecks().AddIcpo();
WebApplication app = builder.Build();
ConcurrentDictionary<string, IIcpoRun> started = new();

app.UseDefaultFiles();
app.UseStaticFiles();
app.MapHealthChecks("/health");

// Starts a run and returns its directory. The run continues after the request has ended, and stops with a checkpoint when the app stops.
app.MapPost("/runs", async (IIcpoRuns runs) =>
{
    IIcpoRun run = await runs.StartAsync();
    started[Path.GetFileName(run.Directory)] = run;
    return Results.Ok(new { Id = Path.GetFileName(run.Directory), run.Directory });
});

// Progress as server-sent events, until the run ends or the browser disconnects.
app.MapGet("/runs/{id}/progress", (string id, CancellationToken cancellationToken) =>
    started.TryGetValue(id, out IIcpoRun? run) ? Results.ServerSentEvents(run.ProgressAsync(cancellationToken)) : Results.NotFound()
);

app.MapPost("/runs/{id}/stop", async (string id) =>
{
    if (!started.TryGetValue(id, out IIcpoRun? run))
    {
        return Results.NotFound();
    }

    await run.StopAsync();
    return Results.Ok((await run.Completion).State);
});

app.Run();
