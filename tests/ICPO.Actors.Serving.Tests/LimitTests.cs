using System.Net;
using System.Text;
using System.Text.Json;

namespace ICPO.Actors.Serving.Tests;

/// <summary>Limits of a server, and how it ends.</summary>
public sealed class LimitTests
{
    private const string Path = "/v1/completions";
    private const string Body = "{\"prompt\":\"1\",\"max_tokens\":1}";

    [Fact]
    public async Task A_body_that_is_too_long_is_rejected()
    {
        await using ServedModel served = await ServedModel.StartAsync(new ServingOptions { MaxBodyBytes = 100 });
        (HttpStatusCode status, JsonElement json) = await served.TryPostAsync(Path, Body + new string(' ', 100));
        Assert.Equal(
            (HttpStatusCode.RequestEntityTooLarge, "body_too_long"),
            (status, json.GetProperty("error").GetProperty("code").GetString())
        );
        Assert.Equal(HttpStatusCode.OK, (await served.TryPostAsync(Path, Body)).Status);
    }

    [Fact]
    public async Task More_requests_than_the_limit_are_sent_away_until_one_has_ended()
    {
        await using ServedModel served = await ServedModel.StartAsync(new ServingOptions { MaxRequests = 1 });
        using (await HangingRequest.SendAsync(served.Server.Address.Port, Path))
        {
            (HttpStatusCode status, JsonElement json) = await served.TryPostAsync(Path, Body);
            Assert.Equal(
                (HttpStatusCode.TooManyRequests, "rate_limit_exceeded"),
                (status, json.GetProperty("error").GetProperty("code").GetString())
            );
            Assert.Equal(HttpStatusCode.OK, (await served.Client.GetAsync("/v1/models", ServedModel.Deadline)).StatusCode);
        }

        await UntilAnsweredAsync(served);
    }

    [Fact]
    public async Task A_request_that_takes_too_long_ends_with_an_error()
    {
        await using ServedModel served = await ServedModel.StartAsync(
            new ServingOptions { RequestTimeout = TimeSpan.FromMilliseconds(50) }
        );
        using HangingRequest request = await HangingRequest.SendAsync(served.Server.Address.Port, Path);
        Assert.Contains("\"timeout\"", await request.ReadErrorAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stops_ends_open_requests_with_an_error()
    {
        await using ServedModel served = await ServedModel.StartAsync(new ServingOptions { DrainTimeout = TimeSpan.FromMilliseconds(1) });
        using HangingRequest request = await HangingRequest.SendAsync(served.Server.Address.Port, Path);

        await served.Server.DisposeAsync();

        Assert.Contains("\"server_stopping\"", await request.ReadErrorAsync(), StringComparison.Ordinal);
        Assert.True(served.Server.Completion.IsCanceled);
        await Assert.ThrowsAsync<HttpRequestException>(() => served.TryPostAsync(Path, Body));
    }

    [Fact]
    public async Task Responses_that_are_being_generated_complete_before_the_server_stops()
    {
        await using ServedModel served = await ServedModel.StartAsync(new ServingOptions());
        using var content = new StringContent(
            "{\"prompt\":\"1\",\"max_tokens\":200,\"temperature\":3,\"stream\":true,\"n\":4}",
            Encoding.UTF8,
            "application/json"
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = content };
        using HttpResponseMessage answer = await served.Client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            ServedModel.Deadline
        );

        ValueTask stopping = served.Server.DisposeAsync();
        string text = await answer.Content.ReadAsStringAsync(ServedModel.Deadline);
        await stopping;

        Assert.EndsWith("data: [DONE]\n\n", text);
    }

    [Fact]
    public async Task A_model_that_cannot_compute_anymore_ends_the_server()
    {
        await using ServedModel served = await ServedModel.StartAsync(new ServingOptions());
        Assert.Equal(HttpStatusCode.OK, (await served.Client.GetAsync("/health", ServedModel.Deadline)).StatusCode);
        await served.Model.DisposeAsync();

        (HttpStatusCode status, JsonElement json) = await served.TryPostAsync(Path, Body);

        Assert.Equal(
            (HttpStatusCode.InternalServerError, "server_error"),
            (status, json.GetProperty("error").GetProperty("type").GetString())
        );
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await served.Client.GetAsync("/health", ServedModel.Deadline)).StatusCode);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => served.Server.Completion.WaitAsync(ServedModel.Deadline));
    }

    [Fact]
    public async Task A_client_that_leaves_frees_its_place()
    {
        await using ServedModel served = await ServedModel.StartAsync(new ServingOptions { MaxRequests = 1 });
        for (int i = 0; i < 3; i++)
        {
            using var content = new StringContent(
                "{\"prompt\":\"1\",\"max_tokens\":200,\"stream\":true}",
                Encoding.UTF8,
                "application/json"
            );
            using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = content };
            using HttpResponseMessage answer = await served.Client.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                ServedModel.Deadline
            );
            answer.Dispose();
            await UntilAnsweredAsync(served);
        }
    }

    /// <summary>Sends requests until one is answered: the server learns later that a client has left.</summary>
    private static async Task UntilAnsweredAsync(ServedModel served)
    {
        CancellationToken deadline = ServedModel.Deadline;
        while ((await served.TryPostAsync(Path, Body)).Status != HttpStatusCode.OK)
        {
            deadline.ThrowIfCancellationRequested();
        }
    }
}
