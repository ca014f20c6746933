using System.Net;
using System.Text.Json.Nodes;

namespace ICPO.Actors.Dashboard.Tests.Security;

/// <summary>Who gets an answer, and what an answer allows a page to do.</summary>
public sealed class AccessTests
{
    private const string Key = "0123456789abcdef";

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:80", HttpStatusCode.OK)]
    [InlineData("[::1]:7420", HttpStatusCode.OK)]
    [InlineData("rebound.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("192.168.0.1", HttpStatusCode.MisdirectedRequest)]
    public async Task Without_a_key_only_loopback_names_are_answered(string host, HttpStatusCode expected)
    {
        await using ServedRuns served = await ServedRuns.StartAsync();
        foreach (string path in new[] { "/", "/app.js", "/api/runs" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = host;
            using HttpResponseMessage answer = await served.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(expected, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    public async Task Nothing_can_be_changed(string method)
    {
        await using ServedRuns served = await ServedRuns.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/runs");
        using HttpResponseMessage answer = await served.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    [Theory]
    [InlineData("GET", "localhost", Key, HttpStatusCode.Unauthorized, "Bearer KEY")]
    [InlineData("GET", "rebound.example", null, HttpStatusCode.MisdirectedRequest, "http://localhost")]
    [InlineData("POST", "localhost", null, HttpStatusCode.MethodNotAllowed, "GET and HEAD")]
    public async Task A_rejection_says_what_to_do_as_json_to_programs_and_as_text_to_browsers(
        string method,
        string host,
        string? key,
        HttpStatusCode status,
        string help
    )
    {
        await using ServedRuns served = await ServedRuns.StartAsync(key);
        foreach ((string path, string type) in new[] { ("/", "text/plain"), ("/api/runs", "application/json") })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.Host = host;
            using HttpResponseMessage answer = await served.Client.SendAsync(request, TestContext.Current.CancellationToken);
            string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Equal((status, type), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            Assert.Contains(help, path == "/" ? text : (string)JsonNode.Parse(text)!["error"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_answer_limits_what_a_page_may_do()
    {
        await using ServedRuns served = await ServedRuns.StartAsync();
        foreach (string path in new[] { "/", "/app.js", "/app.css", "/api/runs", "/api/none" })
        {
            using HttpResponseMessage answer = await served.Client.GetAsync(path, TestContext.Current.CancellationToken);
            string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.False(answer.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task With_a_key_only_requests_that_have_it_are_answered()
    {
        await using ServedRuns served = await ServedRuns.StartAsync(Key);
        Assert.Equal(HttpStatusCode.Unauthorized, await served.StatusAsync("/"));
        Assert.Equal(HttpStatusCode.Unauthorized, await served.StatusAsync("/api/runs"));
        Assert.Equal(HttpStatusCode.Unauthorized, await served.StatusAsync("/?key=wrong"));

        using HttpResponseMessage opened = await served.Client.GetAsync(served.Server.Address, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Found, opened.StatusCode);
        Assert.Equal("/", opened.Headers.Location?.ToString());
        string cookie = Assert.Single(opened.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("Cookie", cookie.Split(';')[0]));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("Authorization", $"Bearer {Key}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("Authorization", "Bearer none"));

        async Task<HttpStatusCode> StatusAsync(string name, string value)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/runs");
            request.Headers.TryAddWithoutValidation(name, value);
            using HttpResponseMessage answer = await served.Client.SendAsync(request, TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
    }

    [Theory]
    [InlineData("api/runs")]
    [InlineData("/other.example/")]
    [InlineData("%0d%0aSet-Cookie:a=b")]
    public async Task The_key_never_leads_to_another_address(string path)
    {
        await using ServedRuns served = await ServedRuns.StartAsync(Key);
        var address = new Uri($"{served.Server.Address.GetLeftPart(UriPartial.Authority)}/{path}?key={Key}");
        using HttpResponseMessage answer = await served.Client.GetAsync(address, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.Found, "/"), (answer.StatusCode, answer.Headers.Location?.ToString()));
    }

    [Fact]
    public async Task An_address_that_other_machines_reach_gets_a_random_key()
    {
        List<string> keys = [];
        for (int i = 0; i < 2; i++)
        {
            await using DashboardServer server = await DashboardServer.StartAsync(
                new DashboardOptions { Listen = new("0.0.0.0", 0), OpenTokenizer = _ => new LetterTokenizer() },
                TestContext.Current.CancellationToken
            );
            keys.Add(server.Address.Query);
        }

        Assert.All(keys, key => Assert.Matches("^\\?key=[0-9a-f]{48}$", key));
        Assert.NotEqual(keys[0], keys[1]);
    }

    [Fact]
    public async Task An_address_that_is_in_use_is_named()
    {
        await using ServedRuns served = await ServedRuns.StartAsync();
        int port = served.Server.Address.Port;
        IOException error = await Assert.ThrowsAsync<IOException>(() =>
            DashboardServer.StartAsync(
                new DashboardOptions { Listen = new("127.0.0.1", port), OpenTokenizer = _ => new LetterTokenizer() },
                TestContext.Current.CancellationToken
            )
        );
        Assert.Contains($"127.0.0.1:{port}", error.Message, StringComparison.Ordinal);
    }
}
