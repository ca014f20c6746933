using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Engines.Remote;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Lora;

namespace ICPO.Actors.Tests.Engines;

/// <summary>Weights of servers: loaded, checked, and noticed where they are others.</summary>
public sealed class RemoteWeightsTests : IDisposable
{
    private readonly RemoteEngines _engines = new();

    public void Dispose() => _engines.Dispose();

    [Fact]
    public async Task New_weights_are_loaded_checked_and_used()
    {
        PolicyBackend backend = RemoteEngines.Backend();
        await using InferenceServer server = await InferenceServer.StartAsync(backend.CreateEngine(0, isolateRequests: true));
        await using RemoteEngine engine = _engines.Open(backend, server, InferenceProtocol.Sglang, ServerWeights.Disk);
        await using GenerationEngine local = backend.CreateEngine(1, isolateRequests: true);
        string[] before = await RemoteEngines.SampleAsync(engine, RemoteEngines.Request with { Seeds = [1] });
        PolicySnapshot changed = _engines.Publish(1);
        await engine.SwapAsync(changed, RemoteEngines.Deadline);
        await local.SwapAsync(changed, RemoteEngines.Deadline);
        Assert.Equal(1, engine.Version.Value);
        string[] after = await RemoteEngines.SampleAsync(engine, RemoteEngines.Request with { Seeds = [1] });
        Assert.Equal(await RemoteEngines.SampleAsync(local, RemoteEngines.Request with { Seeds = [1] }), after);
        Assert.NotEqual(before, after);

        // The folder of the earlier weights is removed.
        await engine.SwapAsync(_engines.Publish(2), RemoteEngines.Deadline);
        string left = Assert.Single(Directory.GetDirectories(_engines.Folder.In("weights/run")));
        Assert.StartsWith("icpo-v2-", Path.GetFileName(left));
    }

    [Fact]
    public async Task A_server_that_does_not_take_new_weights_is_not_used()
    {
        PolicyBackend backend = RemoteEngines.Backend();
        await using InferenceServer server = await InferenceServer.StartAsync(backend.CreateEngine(0, isolateRequests: true));
        await using RemoteEngine engine = _engines.Open(backend, server, InferenceProtocol.Sglang, ServerWeights.Disk);
        await RemoteEngines.SampleAsync(engine, RemoteEngines.Request);
        server.IgnoresWeights = true;
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() =>
            engine.SwapAsync(_engines.Publish(1), RemoteEngines.Deadline)
        );
        Assert.Contains("still uses the weights before v1", error.Message);
        Assert.Equal(0, engine.Version.Value);
        await Assert.ThrowsAsync<IOException>(() => RemoteEngines.SampleAsync(engine, RemoteEngines.Request));
    }

    [Fact]
    public async Task A_server_that_has_lost_its_weights_is_not_used()
    {
        PolicyBackend backend = RemoteEngines.Backend();
        await using InferenceServer server = await InferenceServer.StartAsync(backend.CreateEngine(0, isolateRequests: true));
        await using RemoteEngine engine = _engines.Open(backend, server, InferenceProtocol.Sglang, ServerWeights.Disk);
        await engine.SwapAsync(_engines.Publish(1), RemoteEngines.Deadline);
        await RemoteEngines.SampleAsync(engine, RemoteEngines.Request);
        server.WeightVersion = "default";
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() =>
            RemoteEngines.SampleAsync(engine, RemoteEngines.Request)
        );
        Assert.Contains("default", error.Message);
    }

    [Fact]
    public async Task A_published_file_that_has_changed_is_given_to_no_server()
    {
        PolicyBackend backend = RemoteEngines.Backend();
        await using InferenceServer server = await InferenceServer.StartAsync(backend.CreateEngine(0, isolateRequests: true));
        await using RemoteEngine engine = _engines.Open(backend, server, InferenceProtocol.Sglang, ServerWeights.Disk);
        PolicySnapshot damaged = _engines.Publish(1) with { Sha256 = new string('0', 64) };
        await Assert.ThrowsAsync<InvalidDataException>(() => engine.SwapAsync(damaged, RemoteEngines.Deadline));
        Assert.Empty(server.Requests);
        await RemoteEngines.SampleAsync(engine, RemoteEngines.Request);
    }

    [Fact]
    public async Task A_server_with_another_model_is_not_used()
    {
        PolicyBackend backend = RemoteEngines.Backend();
        GenerationEngine other = backend.CreateEngine(0, isolateRequests: true);
        await other.SwapAsync(_engines.Publish(1), RemoteEngines.Deadline);
        await using InferenceServer server = await InferenceServer.StartAsync(other);
        await using RemoteEngine engine = _engines.Open(backend, server, InferenceProtocol.Vllm);
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() =>
            RemoteEngines.SampleAsync(engine, RemoteEngines.Request)
        );
        Assert.Contains("max-mismatch", error.Message);
    }

    [Fact]
    public async Task Adapters_are_loaded_by_a_name_per_version()
    {
        PolicyBackend backend = RemoteEngines.Backend(new LoraSettings { Rank = 2 });
        await using ILearner learner = backend.CreateLearner();
        await using InferenceServer server = await InferenceServer.StartAsync(backend.CreateEngine(0, isolateRequests: true));
        await using RemoteEngine engine = _engines.Open(backend, server, InferenceProtocol.Vllm, ServerWeights.Disk);
        PolicySnapshot published = await learner.PublishAsync(_engines.Folder.In("published"), default, RemoteEngines.Deadline);
        await engine.SwapAsync(published with { Version = new PolicyVersion(3) }, RemoteEngines.Deadline);
        server.Requests.Clear();
        await RemoteEngines.SampleAsync(engine, RemoteEngines.Request with { Seeds = [1] });
        await engine.SwapAsync(published with { Version = new PolicyVersion(4) }, RemoteEngines.Deadline);
        await RemoteEngines.SampleAsync(engine, RemoteEngines.Request with { Seeds = [1] });
        Assert.Equal(
            ["/v1/completions icpo-v3", "/v1/load_lora_adapter icpo-v4", "/v1/completions icpo-v4"],
            server.Requests.Distinct().Where(path => !path.Contains("unload")).Select(path => path[..^9])
        );
    }
}
