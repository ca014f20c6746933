using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Engines.Remote;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Inference;

namespace ICPO.Actors.Tests.Engines;

/// <summary>Engines on servers that sample with an engine of this process, whose numbers are known to the last bit.</summary>
public sealed class RemoteEngineTests : IDisposable
{
    private readonly RemoteEngines _engines = new();

    public void Dispose() => _engines.Dispose();

    [Theory]
    [InlineData(InferenceProtocol.Vllm)]
    [InlineData(InferenceProtocol.Sglang)]
    [InlineData(InferenceProtocol.LlamaServer)]
    public async Task Tokens_and_log_probabilities_are_those_of_the_server(InferenceProtocol protocol)
    {
        PolicyBackend backend = RemoteEngines.Backend();
        await using InferenceServer server = await InferenceServer.StartAsync(backend.CreateEngine(0, isolateRequests: true));
        await using RemoteEngine engine = _engines.Open(backend, server, protocol);
        await using GenerationEngine local = backend.CreateEngine(1, isolateRequests: true);
        foreach (ulong seed in RemoteEngines.Request.Seeds)
        {
            GenerationRequest one = RemoteEngines.Request with { Seeds = [seed] };
            Assert.Equal(await RemoteEngines.SampleAsync(local, one), await RemoteEngines.SampleAsync(engine, one));
        }

        Assert.Equal(RemoteEngines.Request.Seeds.Length, engine.Steps);
    }

    [Fact]
    public async Task All_siblings_are_sampled_with_their_own_seeds()
    {
        PolicyBackend backend = RemoteEngines.Backend();
        await using InferenceServer server = await InferenceServer.StartAsync(backend.CreateEngine(0, isolateRequests: true));
        await using RemoteEngine engine = _engines.Open(backend, server, InferenceProtocol.Vllm);
        string[] together = await RemoteEngines.SampleAsync(engine, RemoteEngines.Request);
        foreach ((ulong seed, int sibling) in RemoteEngines.Request.Seeds.Select((seed, sibling) => (seed, sibling)))
        {
            string alone = Assert.Single(await RemoteEngines.SampleAsync(engine, RemoteEngines.Request with { Seeds = [seed] }));
            Assert.Equal(alone[1..], together[sibling][1..]);
        }
    }

    [Fact]
    public async Task A_truncated_sampler_is_refused()
    {
        PolicyBackend backend = RemoteEngines.Backend();
        await using InferenceServer server = await InferenceServer.StartAsync(backend.CreateEngine(0, isolateRequests: true));
        await using RemoteEngine engine = _engines.Open(backend, server, InferenceProtocol.Vllm);
        GenerationRequest truncated = RemoteEngines.Request with { Sampler = RemoteEngines.Request.Sampler with { TopP = 0.9 } };
        await Assert.ThrowsAsync<ArgumentException>(() => RemoteEngines.SampleAsync(engine, truncated));
        Assert.Empty(server.Requests);
    }
}
