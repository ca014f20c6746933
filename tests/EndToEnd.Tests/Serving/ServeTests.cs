using System.Net.Http.Json;
using System.Text.Json;

namespace EndToEnd.Tests.Serving;

/// <summary><c>icpo serve</c> as a process.</summary>
public sealed class ServeTests
{
    [Fact]
    public async Task A_model_is_served_until_a_signal()
    {
        await using var process = LineProcess.Start("serve", "--listen", "0", "--name", "mine");
        var address = new Uri((await process.WaitForAsync("Serving mine at")).Split(' ')[^1] + "/");
        using var client = new HttpClient { BaseAddress = address };

        JsonElement models = await client.GetFromJsonAsync<JsonElement>("models", TestContext.Current.CancellationToken);
        Assert.Equal("mine", models.GetProperty("data")[0].GetProperty("id").GetString());
        using HttpResponseMessage answer = await client.PostAsJsonAsync(
            "completions",
            new
            {
                prompt = "AB3142=",
                temperature = 0,
                stop = ";",
            },
            TestContext.Current.CancellationToken
        );
        JsonElement json = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal("stop", json.GetProperty("choices")[0].GetProperty("finish_reason").GetString());

        await process.SignalAsync("TERM");

        Assert.Equal(0, await process.ExitAsync());
    }

    [Theory]
    [InlineData("--model", "no-such-model")]
    [InlineData("--slots", "0")]
    [InlineData("--listen", "nowhere")]
    [InlineData("--dtype", "float64")]
    public async Task Bad_options_are_named(string option, string value)
    {
        ProcessEnd ended = await IcpoProcess.RunAsync("serve", option, value);
        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(option == "--model" ? value : option.TrimStart('-'), ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_short_key_is_refused()
    {
        var options = new ProcessOptions { Environment = new Dictionary<string, string> { ["ICPO_SERVE_KEY"] = "short" } };
        ProcessEnd ended = await IcpoProcess.RunAsync(options, "serve");
        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("ICPO_SERVE_KEY", ended.Errors, StringComparison.Ordinal);
    }
}
