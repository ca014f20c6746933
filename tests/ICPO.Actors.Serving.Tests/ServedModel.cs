using System.Net;
using System.Text;
using System.Text.Json;
using ICPO.Actors.Composition;
using ICPO.Actors.Inference;

namespace ICPO.Actors.Serving.Tests;

/// <summary>The bundled model on a free port of this machine.</summary>
public sealed class ServedModel : IAsyncLifetime
{
    public const string Name = "symbol-rules";

    /// <summary>A prompt that the model continues with an answer and a semicolon.</summary>
    public const string Question = "AB3142=";

    public LanguageModel Model { get; private set; } = null!;

    public ModelServer Server { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token;

    public static async Task<ServedModel> StartAsync(ServingOptions options)
    {
        var served = new ServedModel();
        await served.StartServerAsync(options);
        return served;
    }

    public async ValueTask InitializeAsync() => await StartServerAsync(new ServingOptions());

    /// <summary>The status and the JSON of an answer.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> TryPostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await Client.PostAsync(path, content, Deadline);
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync(Deadline)));
    }

    /// <summary>A successful answer.</summary>
    public async Task<JsonElement> PostAsync(string path, object body)
    {
        (HttpStatusCode status, JsonElement json) = await TryPostAsync(path, JsonSerializer.Serialize(body));
        Assert.True(status == HttpStatusCode.OK, json.ToString());
        return json;
    }

    /// <summary>The data of the events of a successful stream, and whether it ended as it should.</summary>
    public async Task<JsonElement[]> StreamAsync(string path, object body)
    {
        using var content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await Client.PostAsync(path, content, Deadline);
        string text = await answer.Content.ReadAsStringAsync(Deadline);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        string[] events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(events, one => Assert.StartsWith("data: ", one));
        Assert.Equal("data: [DONE]", events[^1]);
        return [.. events[..^1].Select(one => JsonElement.Parse(one["data: ".Length..]))];
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        await Model.DisposeAsync();
    }

    private async Task StartServerAsync(ServingOptions options)
    {
        Model = await LanguageModel.LoadAsync(BundledModel.Path, new LanguageModelOptions { Slots = 4 }, Deadline);
        Server = await ModelServer.StartAsync(Model, options with { Listen = options.Listen with { Port = 0 } }, Deadline);
        Client = new HttpClient { BaseAddress = new Uri(Server.Address.GetLeftPart(UriPartial.Authority)) };
    }
}
