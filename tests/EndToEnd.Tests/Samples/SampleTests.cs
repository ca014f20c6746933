using ICPO.Actors.RunFiles.Directories;

namespace EndToEnd.Tests.Samples;

/// <summary>The samples as processes: they do what they show, and a signal ends them with a checkpoint at any time of a run.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_console_app_trains_with_a_verifier_of_its_own()
    {
        using SampleProcess app = Start("OwnVerifier", "run");

        Assert.Equal(0, await app.ExitAsync());
        RunSummary summary = Summary("run");
        Assert.Equal(("completed", 5), (summary.State, summary.Updates));
        Assert.True(summary.LedgerCloses);
        Assert.True(File.Exists(Path.Combine(_folder.In("run"), summary.Model!, "model.safetensors")));
    }

    [Fact]
    public void The_readme_shows_the_console_app() =>
        Assert.Contains(
            $"```csharp\n{File.ReadAllText(Repository.In("samples", "OwnVerifier", "Program.cs"))}```\n",
            File.ReadAllText(Repository.In("README.md")),
            StringComparison.Ordinal
        );

    [Fact]
    public void The_docs_show_the_chat_app() =>
        Assert.Contains(
            $"```csharp\n{File.ReadAllText(Repository.In("samples", "Chat", "Program.cs"))}```\n",
            File.ReadAllText(Repository.In("docs", "embedding.md")),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_chat_app_streams_and_gives_the_same_text_as_a_chat_client()
    {
        using SampleProcess app = Start("Chat");

        Assert.True(await app.ExitAsync() == 0, app.Output);
        string[] lines = [.. app.Output.Split('\n').Where(line => line.Length > 0)];
        Assert.Equal(5, lines.Length);
        Assert.StartsWith($"{lines[0]}:", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signal_while_a_model_generates_ends_an_app_without_a_crash()
    {
        using SampleProcess app = Start("Chat");
        await app.WaitForAsync("tokens, finish reason");

        app.Signal("TERM");

        Assert.True(await app.ExitAsync() is 0 or 128 + 15, app.Output);
    }

    [Fact]
    public async Task A_task_of_its_own_is_learned_from()
    {
        using SampleProcess app = Start("OwnTask", "run", "3");

        Assert.Equal(0, await app.ExitAsync());
        Assert.Equal(("completed", 3), (Summary("run").State, Summary("run").Updates));
    }

    [Theory]
    [InlineData("TERM", "Starting", 1)]
    [InlineData("INT", "Evaluating", 2)]
    [InlineData("TERM", "Training: update 1 of", 2)]
    [InlineData("INT", "Training: update 0 of", 1)]
    public async Task A_signal_stops_a_console_app_with_a_checkpoint(string signal, string when, int times)
    {
        Assert.SkipWhen(signal == "INT" && IgnoredSignals.Contains(2), "this process and its child processes ignore SIGINT");
        using SampleProcess app = Start("OwnVerifier", "run");
        await app.WaitForAsync(when);
        for (int sent = 0; sent < times; sent++)
        {
            app.Signal(signal);
        }

        Assert.True(await app.ExitAsync() == 0, app.Output);
        ExpectStopped("run");
    }

    [Fact]
    public async Task A_signal_stops_the_runs_of_a_web_app_with_a_checkpoint()
    {
        using SampleProcess app = Start("WebApp", "--urls", "http://127.0.0.1:0", "--contentRoot", Repository.In("samples", "WebApp"));
        await app.WaitForAsync("Now listening on: ");
        string address = app.Output.Split("Now listening on: ")[1].Split('\n')[0].Trim();
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        Assert.Contains("<progress", await client.GetStringAsync("/"), StringComparison.Ordinal);
        using HttpResponseMessage started = await client.PostAsync("/runs", null);
        started.EnsureSuccessStatusCode();

        app.Signal("TERM");

        Assert.True(await app.ExitAsync() == 0, app.Output);
        ExpectStopped(Path.Combine("runs", Path.GetFileName(Assert.Single(Directory.GetDirectories(_folder.In("runs"))))));
    }

    private SampleProcess Start(string name, params string[] arguments) =>
        SampleProcess.Start(Repository.Root, name, _folder.Path, arguments);

    private RunSummary Summary(string run) => RunSummaries.Read(new RunDirectory(_folder.In(run)))!;

    private void ExpectStopped(string run)
    {
        RunSummary summary = Summary(run);
        Assert.Equal("stopped", summary.State);
        Assert.True(summary.LedgerCloses);
        Assert.True(File.Exists(Path.Combine(_folder.In(run), summary.Model!, "model.safetensors")));
    }
}
