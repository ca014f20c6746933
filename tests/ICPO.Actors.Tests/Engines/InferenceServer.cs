using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Tests.Engines;

/// <summary>A server that speaks the three interfaces, and samples with an engine of this process.</summary>
internal sealed class InferenceServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly IGenerationEngine _engine;
    private long _version;

    private InferenceServer(WebApplication app, IGenerationEngine engine) => (_app, _engine) = (app, engine);

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");

    /// <summary>Paths of the requests so far, with the name of the model where they have one.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>May respond instead of the server, and returns true then; null for none.</summary>
    public Func<HttpContext, Task<bool>>? Fault { get; set; }

    /// <summary>The name of the weights that the server reports (SGLang).</summary>
    public string WeightVersion { get; set; } = "default";

    /// <summary>What the server has sampled; it does not know stop strings.</summary>
    public ConcurrentBag<GeneratedSequence> Sampled { get; } = [];

    /// <summary>True for a server that reports success for weights that it does not load.</summary>
    public bool IgnoresWeights { get; set; }

    public static async Task<InferenceServer> StartAsync(IGenerationEngine engine)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        var server = new InferenceServer(app, engine);
        app.MapGet("/v1/models", () => Results.Json(new { data = new[] { new { id = "base" } } }));
        app.MapPost("/v1/completions", context => server.RespondAsync(context, Vllm));
        app.MapPost("/generate", context => server.RespondAsync(context, server.Sglang));
        app.MapPost("/completion", context => server.RespondAsync(context, LlamaServer));
        app.MapPost("/v1/load_lora_adapter", context => server.LoadAsync(context, "lora_path", "adapter_model.safetensors"));
        app.MapPost("/v1/unload_lora_adapter", () => Results.Text("Success"));
        app.MapPost("/update_weights_from_disk", context => server.LoadAsync(context, "model_path", "model.safetensors"));
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _engine.DisposeAsync();
    }

    private static (JsonNode Body, GenerationRequest Request) Read(
        JsonNode body,
        string prompt,
        JsonNode sampling,
        string tokens,
        string seed
    ) =>
        (
            body,
            new GenerationRequest(
                [.. body[prompt]!.AsArray().Select(id => (int)id!)],
                [(ulong)(int)sampling[seed]!],
                new SamplerSettings { Temperature = (double)sampling["temperature"]!, MaxTokens = (int)sampling[tokens]! }
            )
        );

    private static JsonObject Vllm(JsonNode body, Func<JsonNode, string, JsonNode, string, string, GeneratedSequence> sample)
    {
        GeneratedSequence sequence = sample(body, "prompt", body, "max_tokens", "seed");
        return new JsonObject
        {
            ["choices"] = new JsonArray(
                new JsonObject
                {
                    ["token_ids"] = Array(sequence.Tokens),
                    ["logprobs"] = new JsonObject { ["token_logprobs"] = Array(sequence.LogProbs) },
                    ["finish_reason"] = Finish(sequence),
                }
            ),
        };
    }

    private JsonObject Sglang(JsonNode body, Func<JsonNode, string, JsonNode, string, string, GeneratedSequence> sample)
    {
        GeneratedSequence sequence = sample(body, "input_ids", body["sampling_params"]!, "max_new_tokens", "sampling_seed");
        JsonNode[] pairs = [.. sequence.Tokens.Zip(sequence.LogProbs, (token, value) => new JsonArray(value, token, null))];
        return new JsonObject
        {
            ["meta_info"] = new JsonObject
            {
                ["output_token_logprobs"] = new JsonArray(pairs),
                ["finish_reason"] = new JsonObject { ["type"] = Finish(sequence) },
                ["weight_version"] = WeightVersion,
            },
        };
    }

    private static JsonObject LlamaServer(JsonNode body, Func<JsonNode, string, JsonNode, string, string, GeneratedSequence> sample)
    {
        GeneratedSequence sequence = sample(body, "prompt", body, "n_predict", "seed");
        JsonNode[] entries =
        [
            .. sequence.Tokens.Zip(sequence.LogProbs, (token, value) => new JsonObject { ["id"] = token, ["prob"] = Math.Exp(value) }),
        ];
        return new JsonObject
        {
            ["tokens"] = Array(sequence.Tokens),
            ["completion_probabilities"] = new JsonArray(entries),
            ["stop_type"] = sequence.Finish == FinishReason.Length ? "limit" : "eos",
        };
    }

    private async Task RespondAsync(
        HttpContext context,
        Func<JsonNode, Func<JsonNode, string, JsonNode, string, string, GeneratedSequence>, JsonObject> respond
    )
    {
        JsonNode body = (await JsonNode.ParseAsync(context.Request.Body))!;
        lock (Requests)
        {
            Requests.Add($"{context.Request.Path} {body["model"]}".TrimEnd());
        }

        if (Fault is { } fault && await fault(context))
        {
            return;
        }

        await context.Response.WriteAsJsonAsync(respond(body, (node, prompt, sampling, tokens, seed) =>
            {
                (_, GenerationRequest request) = Read(node, prompt, sampling, tokens, seed);
                return SampleAsync(request, context.RequestAborted).GetAwaiter().GetResult();
            }));
    }

    private async Task<GeneratedSequence> SampleAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        await foreach (GeneratedSequence sequence in _engine.GenerateAsync(request, cancellationToken))
        {
            Sampled.Add(sequence);
            return sequence;
        }

        throw new InvalidOperationException("The engine gave no sequence.");
    }

    private async Task LoadAsync(HttpContext context, string key, string file)
    {
        JsonNode body = (await JsonNode.ParseAsync(context.Request.Body))!;
        lock (Requests)
        {
            Requests.Add($"{context.Request.Path} {body["lora_name"]}".TrimEnd());
        }

        WeightVersion = (string?)body["weight_version"] ?? WeightVersion;
        string path = Path.Combine((string)body[key]!, file);
        byte[] bytes = await File.ReadAllBytesAsync(path);
        if (!IgnoresWeights)
        {
            string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
            var snapshot = new PolicySnapshot(new PolicyVersion(++_version), default, path, hash, bytes.Length);
            await _engine.SwapAsync(snapshot, context.RequestAborted);
        }

        await context.Response.WriteAsync(JsonSerializer.Serialize(new { success = true, message = "" }));
    }

    private static string Finish(GeneratedSequence sequence) => sequence.Finish == FinishReason.Length ? "length" : "stop";

    private static JsonArray Array<T>(ImmutableArray<T> values) => [.. values.Select(value => JsonValue.Create(value))];
}
