using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Engines.Remote;
using ICPO.Actors.Modeling.Backend;
using Microsoft.AspNetCore.Http;

namespace ICPO.Actors.Tests.Engines;

/// <summary>What a server answers in place of a sequence.</summary>
public sealed class RemoteAnswerTests : IDisposable
{
    private readonly RemoteEngines _engines = new();

    public void Dispose() => _engines.Dispose();

    public static TheoryData<string, int, string> Answers =>
        new()
        {
            { "a page of HTML", 200, "<html>busy</html>" },
            { "an empty body", 200, "" },
            { "an array", 200, "[]" },
            { "no choices", 200, """{"choices":[]}""" },
            { "no token ids", 200, """{"choices":[{"logprobs":{"token_logprobs":[-1]},"finish_reason":"stop"}]}""" },
            { "no log-probabilities", 200, """{"choices":[{"token_ids":[1],"logprobs":null,"finish_reason":"stop"}]}""" },
            { "fewer log-probabilities", 200, Answer("[1,2]", "[-1]") },
            { "no tokens", 200, Answer("[]", "[]") },
            { "a token as text", 200, Answer("[\"1\"]", "[-1]") },
            { "a token outside of the vocabulary", 200, Answer("[100000]", "[-1]") },
            { "a negative token", 200, Answer("[-1]", "[-1]") },
            { "a log-probability of null", 200, Answer("[1]", "[null]") },
            { "an infinite log-probability", 200, Answer("[1]", "[-1e999]") },
            { "a positive log-probability", 200, Answer("[1]", "[0.5]") },
            { "more tokens than requested", 200, Answer(Repeat(1), Repeat(-1)) },
            { "an aborted response", 200, Answer("[5,6]", "[-1,-1]", "abort") },
            { "a response that ends at no end token", 200, Answer("[5,6]", "[-1,-1]") },
            { "a response that is shorter than its limit", 200, Answer("[5,6]", "[-1,-1]", "length") },
            { "half a body", 200, """{"choices":[{"token_ids":[1]""" },
            { "status 400", 400, """{"error":"no"}""" },
            { "status 401", 401, "" },
            { "status 500 with a valid answer", 500, Answer("[1]", "[-1]") },
        };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task What_is_no_answer_is_a_fault_of_the_engine_and_no_sequence(string fault, int status, string body)
    {
        PolicyBackend backend = RemoteEngines.Backend();
        await using InferenceServer server = await InferenceServer.StartAsync(backend.CreateEngine(0, isolateRequests: true));
        await using RemoteEngine engine = _engines.Open(backend, server, InferenceProtocol.Vllm);
        GenerationRequest one = RemoteEngines.Request with { Seeds = [1] };
        string[] expected = await RemoteEngines.SampleAsync(engine, one);
        server.Fault = async context =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(body);
            return true;
        };
        Exception? error = await Record.ExceptionAsync(() => RemoteEngines.SampleAsync(engine, one));
        Assert.True(error is IOException or InvalidDataException, $"{fault}: {error}");
        Assert.Contains(server.Url.ToString(), error.Message);
        server.Fault = null;
        Assert.Equal(expected, await RemoteEngines.SampleAsync(engine, one));
    }

    [Fact]
    public async Task A_server_that_does_not_respond_in_time_is_named()
    {
        PolicyBackend backend = RemoteEngines.Backend();
        await using InferenceServer server = await InferenceServer.StartAsync(backend.CreateEngine(0, isolateRequests: true));
        await using RemoteEngine engine = _engines.Open(backend, server, InferenceProtocol.Vllm, timeout: TimeSpan.FromSeconds(5));
        await RemoteEngines.SampleAsync(engine, RemoteEngines.Request with { Seeds = [1] });
        server.Fault = async context =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
            return true;
        };
        IOException error = await Assert.ThrowsAsync<IOException>(() => RemoteEngines.SampleAsync(engine, RemoteEngines.Request));
        Assert.Contains("engine.openai.timeout", error.Message);
    }

    private static string Repeat(int value) => $"[{string.Join(',', Enumerable.Repeat(value, 99))}]";

    private static string Answer(string tokens, string logProbs, string finish = "stop") =>
        $$"""{"choices":[{"token_ids":{{tokens}},"logprobs":{"token_logprobs":{{logProbs}}},"finish_reason":"{{finish}}"}]}""";
}
