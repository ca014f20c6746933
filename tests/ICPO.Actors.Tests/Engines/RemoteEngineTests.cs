using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Engines.Remote;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Lora;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Modeling.Transformer;
using Microsoft.AspNetCore.Http;
using TorchSharp;

namespace ICPO.Actors.Tests.Engines;

/// <summary>Engines on servers that sample with an engine of this process, whose numbers are known to the last bit.</summary>
public sealed class RemoteEngineTests : IDisposable
{
    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "models", "symbol-rules");
    private static readonly GenerationRequest Request = new([5, 9, 7, 11], [1, 2, 3, 4, 5], new SamplerSettings { MaxTokens = 24 });
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(InferenceProtocol.Vllm)]
    [InlineData(InferenceProtocol.Sglang)]
    [InlineData(InferenceProtocol.LlamaServer)]
    public async Task Tokens_and_log_probabilities_are_those_of_the_server(InferenceProtocol protocol)
    {
        PolicyBackend backend = Backend();
        await using InferenceServer server = await InferenceServer.StartAsync(backend.CreateEngine(0, isolateRequests: true));
        await using RemoteEngine engine = Engine(backend, server, protocol);
        await using GenerationEngine local = backend.CreateEngine(1, isolateRequests: true);
        foreach (ulong seed in Request.Seeds)
        {
            GenerationRequest one = Request with { Seeds = [seed] };
            Assert.Equal(await SampleAsync(local, one), await SampleAsync(engine, one));
        }

        Assert.Equal(Request.Seeds.Length, engine.Steps);
    }

    [Fact]
    public async Task All_siblings_are_sampled_with_their_own_seeds()
    {
        PolicyBackend backend = Backend();
        await using InferenceServer server = await InferenceServer.StartAsync(backend.CreateEngine(0, isolateRequests: true));
        await using RemoteEngine engine = Engine(backend, server, InferenceProtocol.Vllm);
        string[] together = await SampleAsync(engine, Request);
        foreach ((ulong seed, int sibling) in Request.Seeds.Select((seed, sibling) => (seed, sibling)))
        {
            string alone = Assert.Single(await SampleAsync(engine, Request with { Seeds = [seed] }));
            Assert.Equal(alone[1..], together[sibling][1..]);
        }
    }

    [Fact]
    public async Task New_weights_are_loaded_checked_and_used()
    {
        PolicyBackend backend = Backend();
        await using InferenceServer server = await InferenceServer.StartAsync(backend.CreateEngine(0, isolateRequests: true));
        await using RemoteEngine engine = Engine(backend, server, InferenceProtocol.Sglang, ServerWeights.Disk);
        await using GenerationEngine local = backend.CreateEngine(1, isolateRequests: true);
        string[] before = await SampleAsync(engine, Request with { Seeds = [1] });
        PolicySnapshot changed = Changed(1);
        await engine.SwapAsync(changed, Deadline);
        await local.SwapAsync(changed, Deadline);
        Assert.Equal(1, engine.Version.Value);
        string[] after = await SampleAsync(engine, Request with { Seeds = [1] });
        Assert.Equal(await SampleAsync(local, Request with { Seeds = [1] }), after);
        Assert.NotEqual(before, after);

        // The folder of weights that are no longer used is removed.
        await engine.SwapAsync(Changed(2), Deadline);
        string left = Assert.Single(Directory.GetDirectories(_folder.In("weights/run")));
        Assert.StartsWith("icpo-v2-", Path.GetFileName(left));
    }

    [Fact]
    public async Task A_server_that_does_not_take_new_weights_is_not_used()
    {
        PolicyBackend backend = Backend();
        await using InferenceServer server = await InferenceServer.StartAsync(backend.CreateEngine(0, isolateRequests: true));
        await using RemoteEngine engine = Engine(backend, server, InferenceProtocol.Sglang, ServerWeights.Disk);
        await SampleAsync(engine, Request);
        server.IgnoresWeights = true;
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => engine.SwapAsync(Changed(1), Deadline));
        Assert.Contains("still uses the weights before v1", error.Message);
        Assert.Equal(0, engine.Version.Value);
        await Assert.ThrowsAsync<IOException>(() => SampleAsync(engine, Request));
    }

    [Fact]
    public async Task A_server_that_has_lost_its_weights_is_not_used()
    {
        PolicyBackend backend = Backend();
        await using InferenceServer server = await InferenceServer.StartAsync(backend.CreateEngine(0, isolateRequests: true));
        await using RemoteEngine engine = Engine(backend, server, InferenceProtocol.Sglang, ServerWeights.Disk);
        await engine.SwapAsync(Changed(1), Deadline);
        await SampleAsync(engine, Request);
        server.WeightVersion = "default";
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => SampleAsync(engine, Request));
        Assert.Contains("default", error.Message);
    }

    [Fact]
    public async Task A_published_file_that_has_changed_is_given_to_no_server()
    {
        PolicyBackend backend = Backend();
        await using InferenceServer server = await InferenceServer.StartAsync(backend.CreateEngine(0, isolateRequests: true));
        await using RemoteEngine engine = Engine(backend, server, InferenceProtocol.Sglang, ServerWeights.Disk);
        PolicySnapshot damaged = Changed(1) with { Sha256 = new string('0', 64) };
        await Assert.ThrowsAsync<InvalidDataException>(() => engine.SwapAsync(damaged, Deadline));
        Assert.Empty(server.Requests);
        await SampleAsync(engine, Request);
    }

    [Fact]
    public async Task A_server_with_another_model_is_not_used()
    {
        PolicyBackend backend = Backend();
        GenerationEngine other = backend.CreateEngine(0, isolateRequests: true);
        await other.SwapAsync(Changed(1), Deadline);
        await using InferenceServer server = await InferenceServer.StartAsync(other);
        await using RemoteEngine engine = Engine(backend, server, InferenceProtocol.Vllm);
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => SampleAsync(engine, Request));
        Assert.Contains("max-mismatch", error.Message);
    }

    [Fact]
    public async Task Adapters_are_loaded_by_a_name_per_version()
    {
        PolicyBackend backend = Backend(new LoraSettings { Rank = 2 });
        await using ILearner learner = backend.CreateLearner();
        await using InferenceServer server = await InferenceServer.StartAsync(backend.CreateEngine(0, isolateRequests: true));
        await using RemoteEngine engine = Engine(backend, server, InferenceProtocol.Vllm, ServerWeights.Disk);
        PolicySnapshot published = await learner.PublishAsync(_folder.In("published"), default, Deadline);
        await engine.SwapAsync(published with { Version = new PolicyVersion(3) }, Deadline);
        server.Requests.Clear();
        await SampleAsync(engine, Request with { Seeds = [1] });
        await engine.SwapAsync(published with { Version = new PolicyVersion(4) }, Deadline);
        await SampleAsync(engine, Request with { Seeds = [1] });
        Assert.Equal(
            ["/v1/completions icpo-v3", "/v1/load_lora_adapter icpo-v4", "/v1/completions icpo-v4"],
            server.Requests.Distinct().Where(path => !path.Contains("unload")).Select(path => path[..^9])
        );
    }

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
        PolicyBackend backend = Backend();
        await using InferenceServer server = await InferenceServer.StartAsync(backend.CreateEngine(0, isolateRequests: true));
        await using RemoteEngine engine = Engine(backend, server, InferenceProtocol.Vllm);
        GenerationRequest one = Request with { Seeds = [1] };
        string[] expected = await SampleAsync(engine, one);
        server.Fault = async context =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(body);
            return true;
        };
        Exception? error = await Record.ExceptionAsync(() => SampleAsync(engine, one));
        Assert.True(error is IOException or InvalidDataException, $"{fault}: {error}");
        Assert.Contains(server.Url.ToString(), error.Message);
        server.Fault = null;
        Assert.Equal(expected, await SampleAsync(engine, one));
    }

    [Fact]
    public async Task A_server_that_does_not_respond_in_time_is_named()
    {
        PolicyBackend backend = Backend();
        await using InferenceServer server = await InferenceServer.StartAsync(backend.CreateEngine(0, isolateRequests: true));
        await using RemoteEngine engine = Engine(backend, server, InferenceProtocol.Vllm, timeout: TimeSpan.FromSeconds(5));
        await SampleAsync(engine, Request with { Seeds = [1] });
        server.Fault = async context =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
            return true;
        };
        IOException error = await Assert.ThrowsAsync<IOException>(() => SampleAsync(engine, Request));
        Assert.Contains("engine.openai.timeout", error.Message);
    }

    [Fact]
    public async Task A_truncated_sampler_is_refused()
    {
        PolicyBackend backend = Backend();
        await using InferenceServer server = await InferenceServer.StartAsync(backend.CreateEngine(0, isolateRequests: true));
        await using RemoteEngine engine = Engine(backend, server, InferenceProtocol.Vllm);
        GenerationRequest truncated = Request with { Sampler = Request.Sampler with { TopP = 0.9 } };
        await Assert.ThrowsAsync<ArgumentException>(() => SampleAsync(engine, truncated));
        Assert.Empty(server.Requests);
    }

    private static string Repeat(int value) => $"[{string.Join(',', Enumerable.Repeat(value, 99))}]";

    private static string Answer(string tokens, string logProbs, string finish = "stop") =>
        $$"""{"choices":[{"token_ids":{{tokens}},"logprobs":{"token_logprobs":{{logProbs}}},"finish_reason":"{{finish}}"}]}""";

    private static PolicyBackend Backend(LoraSettings? lora = null) =>
        new(Model, new EngineSettings { Slots = 8 }, new LearnerSettings(), new BackendOptions { Lora = lora });

    private RemoteEngine Engine(
        PolicyBackend backend,
        InferenceServer server,
        InferenceProtocol protocol,
        ServerWeights weights = ServerWeights.None,
        TimeSpan? timeout = null
    )
    {
        var settings = new InferenceServerSettings
        {
            Protocol = protocol,
            Servers = [server.Url],
            Model = "",
            KeyVariable = "",
            Timeout = timeout ?? TimeSpan.FromMinutes(1),
            Weights = weights,
            WeightsDirectory = _folder.In("weights"),
            MaxMismatch = 0.01,
        };
        return new RemoteEngine(
            settings,
            server.Url,
            new RemoteEngineParts
            {
                Run = "run",
                Reference = backend.CreateReference(64),
                Tokenizer = backend.Tokenizer,
                Prompts =
                [
                    [5, 9, 7],
                    [8, 6],
                ],
                Temperature = 1,
                Slots = 4,
                Key = null,
            }
        );
    }

    /// <summary>Publishes the base model with every matrix changed by a few percent.</summary>
    private PolicySnapshot Changed(long version)
    {
        using Decoder decoder = HuggingFaceDirectory.Load(Model, dtype: torch.ScalarType.Float32);
        using IDisposable constant = torch.no_grad();
        using var generator = new torch.Generator((ulong)version);
        foreach ((_, torch.Tensor parameter) in decoder.named_parameters().Select(pair => (pair.name, (torch.Tensor)pair.parameter)))
        {
            using torch.Tensor noise = torch.randn(parameter.shape, generator: generator).mul(0.05);
            parameter.add_(noise);
        }

        string path = _folder.In($"policy-{version}.safetensors");
        WrittenFile written = HuggingFaceDirectory.SaveWeights(decoder, path);
        return new PolicySnapshot(new PolicyVersion(version), default, path, written.Sha256, written.Length);
    }

    private static async Task<string[]> SampleAsync(IGenerationEngine engine, GenerationRequest request)
    {
        List<string> sequences = [];
        await foreach (GeneratedSequence sequence in engine.GenerateAsync(request, Deadline))
        {
            string logProbs = string.Join(',', sequence.LogProbs.Select(BitConverter.SingleToInt32Bits));
            sequences.Add($"{sequence.Sibling} {sequence.Finish} {string.Join(',', sequence.Tokens)} {logProbs}");
        }

        return [.. sequences.Order(StringComparer.Ordinal)];
    }
}
