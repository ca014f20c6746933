using System.Globalization;
using System.Text.Json.Nodes;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Dashboard.Reading;
using ICPO.Actors.RunFiles.Inspection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ICPO.Actors.Dashboard.Api;

/// <summary>The routes below <c>/api</c>. All of them read.</summary>
/// <param name="finder">The runs.</param>
/// <param name="time">The clock.</param>
/// <param name="stopping">Canceled when the server stops.</param>
internal sealed class DashboardApi(RunFinder finder, TimeProvider time, CancellationToken stopping)
{
    private const int MaxPoints = 4000;
    private const int MaxSeries = 64;
    private const int MaxPage = 200;
    private const int MaxTokens = 4000;
    private const int MaxEvents = 500;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/runs", context =>
            WithErrors(context, () => Json.WriteAsync(context, new JsonObject { ["runs"] = Json.Array(finder.Runs(), RunJson.Create) }))
        );
        RouteGroupBuilder run = routes.MapGroup("/api/runs/{id}");
        Map(run, "", (_, source) => RunJson.Create(source));
        Map(run, "/events", (_, source) => Events(source));
        Map(run, "/nodes", (_, source) => NodesJson.Create(source));
        Map(run, "/metrics", (_, source) => MetricsJson.Names(source.Metrics));
        Map(run, "/series", Series);
        Map(run, "/timeline", Timeline);
        Map(run, "/ledger", (_, source) => JournalJson.Ledger(source.Journal));
        Map(run, "/updates", (request, source) => JournalJson.Updates(source.Journal, request.Number("before"), Limit(request)));
        Map(run, "/updates/{number:long}", (request, source) => JournalJson.Update(source.Journal, Route(request, "number")));
        Map(run, "/rollouts", Rollouts);
        Map(run, "/groups/{group:long}", Group);
        Map(run, "/groups/{group:long}/{origin:alpha}/{sibling:int}/tokens", Tokens);
        run.MapGet("/stream", context => WithRun(context, source => RunStream.WriteAsync(context, source, time, stopping)));
        routes.MapFallback("/api/{**rest}", context =>
            Json.WriteErrorAsync(context, StatusCodes.Status404NotFound, "There is no such address.")
        );
    }

    private void Map(RouteGroupBuilder run, string route, Func<HttpRequest, RunSource, JsonNode?> read) =>
        run.MapGet(route, context =>
            WithRun(context, source =>
                read(context.Request, source) is { } json
                    ? Json.WriteAsync(context, json)
                    : Json.WriteErrorAsync(context, StatusCodes.Status404NotFound, "The run's journal has no such entry.")
            )
        );

    private Task WithRun(HttpContext context, Func<RunSource, Task> respond) =>
        WithErrors(context, () =>
            finder.Find((string)context.Request.RouteValues["id"]!) is { } run
                ? respond(run)
                : Json.WriteErrorAsync(context, StatusCodes.Status404NotFound, "The run was not found; reload the page.")
        );

    private static async Task WithErrors(HttpContext context, Func<Task> respond)
    {
        try
        {
            await respond().ConfigureAwait(false);
        }
        catch (QueryException error)
        {
            await Json.WriteErrorAsync(context, StatusCodes.Status400BadRequest, error.Message).ConfigureAwait(false);
        }
        catch (Exception error) when (ReadErrors.Contains(error) && !context.Response.HasStarted)
        {
            // A part of the run cannot be read (yet); the page shows why.
            await Json.WriteErrorAsync(context, StatusCodes.Status503ServiceUnavailable, error.Message).ConfigureAwait(false);
        }
    }

    private static JsonObject Events(RunSource run) =>
        new() { ["events"] = Json.Array(run.Events.TakeLast(MaxEvents).Reverse(), RunJson.ToJson), ["total"] = run.Events.Length };

    private static JsonObject Series(HttpRequest request, RunSource run)
    {
        string[] names = request.Query["name"].OfType<string>().Take(MaxSeries).ToArray();
        return MetricsJson.Series(run.Metrics, names, Points(request), request.Text("x") == "seconds");
    }

    private static JsonObject Timeline(HttpRequest request, RunSource run)
    {
        JournalView? view;
        try
        {
            view = run.Journal;
        }
        catch (Exception error) when (ReadErrors.Contains(error))
        {
            // The page shows the busy shares alone; its other views say why the journal cannot be read.
            view = null;
        }

        return TimelineJson.Create(run.Metrics, view, Points(request));
    }

    private JsonObject Rollouts(HttpRequest request, RunSource run)
    {
        var filter = new RolloutFilter
        {
            Origin = request.Member<Origin>("origin"),
            Verdict = request.Text("verdict"),
            Fate = request.Member<GroupFate>("fate"),
            Update = request.Number("update"),
            Group = request.Number("group"),
            Version = request.Number("version"),
            Text = request.Text("text"),
        };
        bool newestFirst = request.Text("order") != "oldest";
        int start = request.Number("start", 0, int.MaxValue);
        return RolloutJson.Page(RolloutSearch.Find(run.Journal, filter, newestFirst, start, Limit(request), time));
    }

    private static JsonObject? Group(HttpRequest request, RunSource run)
    {
        JournalView view = run.Journal;
        return view.Find(Route(request, "group")) is { } row
            ? RolloutJson.ToJson(row, view.Inspector.Read(row.Entry), null, whole: true)
            : null;
    }

    private static JsonObject? Tokens(HttpRequest request, RunSource run)
    {
        JournalView view = run.Journal;
        if (view.Find(Route(request, "group")) is not { } row)
        {
            return null;
        }

        (string? origin, long sibling) = (request.RouteValues["origin"]?.ToString(), Route(request, "sibling"));
        InspectedRollout? rollout = view
            .Inspector.Read(row.Entry)
            .Rollouts.FirstOrDefault(one => Json.Name(one.Member.Rollout.Origin) == origin && one.Member.Rollout.Id.Sibling == sibling);
        if (rollout is null)
        {
            return null;
        }

        RunSettings settings = run.Settings;
        string[]? texts = run.Texts.Split(settings, rollout.Member.Rollout.Tokens.AsSpan());
        return RolloutJson.Tokens(rollout, texts, request.Number("from", 0, int.MaxValue), request.Number("count", MaxTokens, MaxTokens));
    }

    private static long Route(HttpRequest request, string name) =>
        long.TryParse(request.RouteValues[name]?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new QueryException($"{name}: a whole number from 0 is expected.");

    private static int Points(HttpRequest request) => Math.Max(1, request.Number("points", 600, MaxPoints));

    private static int Limit(HttpRequest request) => Math.Max(1, request.Number("limit", 50, MaxPage));
}
