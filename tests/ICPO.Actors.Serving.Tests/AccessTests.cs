using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Serving.Tests;

/// <summary>Who gets an answer.</summary>
public sealed class AccessTests
{
    private const string Key = "0123456789abcdef";

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:80", HttpStatusCode.OK)]
    [InlineData("[::1]:7421", HttpStatusCode.OK)]
    [InlineData("rebound.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost.example", HttpStatusCode.MisdirectedRequest)]
    public async Task Without_a_key_only_loopback_names_are_answered(string host, HttpStatusCode expected)
    {
        await using ServedModel served = await ServedModel.StartAsync(new ServingOptions());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Host = host;
        using HttpResponseMessage answer = await served.Client.SendAsync(request, ServedModel.Deadline);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task A_body_that_a_page_of_another_site_could_send_is_rejected(string? type)
    {
        await using ServedModel served = await ServedModel.StartAsync(new ServingOptions());
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("{\"prompt\":\"1\"}"));
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        using HttpResponseMessage answer = await served.Client.PostAsync("/v1/completions", content, ServedModel.Deadline);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Fact]
    public async Task With_a_key_only_requests_that_have_it_are_answered()
    {
        await using ServedModel served = await ServedModel.StartAsync(new ServingOptions { Key = Key });
        Assert.Equal(Key, served.Server.Key);

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("Bearer wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Key));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"Bearer {Key}"));
        Assert.Equal(HttpStatusCode.OK, (await served.Client.GetAsync("/health", ServedModel.Deadline)).StatusCode);

        async Task<HttpStatusCode> StatusAsync(string? authorization)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
            if (authorization is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }

            using HttpResponseMessage answer = await served.Client.SendAsync(request, ServedModel.Deadline);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task An_address_that_other_machines_reach_gets_a_random_key()
    {
        List<string?> keys = [];
        for (int i = 0; i < 2; i++)
        {
            await using ServedModel served = await ServedModel.StartAsync(new ServingOptions { Listen = new ListenAddress("0.0.0.0", 0) });
            keys.Add(served.Server.Key);
        }

        Assert.All(keys, key => Assert.Matches("^[0-9a-f]{48}$", key));
        Assert.NotEqual(keys[0], keys[1]);
    }

    [Fact]
    public async Task An_address_that_is_in_use_is_named()
    {
        await using ServedModel served = await ServedModel.StartAsync(new ServingOptions());
        int port = served.Server.Address.Port;
        IOException error = await Assert.ThrowsAsync<IOException>(() =>
            ModelServer.StartAsync(served.Model, new ServingOptions { Listen = new ListenAddress("127.0.0.1", port) }, ServedModel.Deadline)
        );
        Assert.Contains($"127.0.0.1:{port}", error.Message, StringComparison.Ordinal);
    }
}
