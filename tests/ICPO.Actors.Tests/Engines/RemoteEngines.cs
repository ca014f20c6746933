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
using TorchSharp;

namespace ICPO.Actors.Tests.Engines;

/// <summary>Engines on an <see cref="InferenceServer"/>, and weights for them.</summary>
internal sealed class RemoteEngines : IDisposable
{
    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "models", "symbol-rules");

    public static GenerationRequest Request { get; } = new([5, 9, 7, 11], [1, 2, 3, 4, 5], new SamplerSettings { MaxTokens = 24 });

    public static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;

    public TemporaryFolder Folder { get; } = new();

    public void Dispose() => Folder.Dispose();

    public static PolicyBackend Backend(LoraSettings? lora = null) =>
        new(Model, new EngineSettings { Slots = 8 }, new LearnerSettings(), new BackendOptions { Lora = lora });

    public RemoteEngine Open(
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
            WeightsDirectory = Folder.In("weights"),
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
    public PolicySnapshot Publish(long version)
    {
        using Decoder decoder = HuggingFaceDirectory.Load(Model, dtype: torch.ScalarType.Float32);
        using IDisposable constant = torch.no_grad();
        using var generator = new torch.Generator((ulong)version);
        foreach ((_, torch.Tensor parameter) in decoder.named_parameters().Select(pair => (pair.name, (torch.Tensor)pair.parameter)))
        {
            using torch.Tensor noise = torch.randn(parameter.shape, generator: generator).mul(0.05);
            parameter.add_(noise);
        }

        string path = Folder.In($"policy-{version}.safetensors");
        WrittenFile written = HuggingFaceDirectory.SaveWeights(decoder, path);
        return new PolicySnapshot(new PolicyVersion(version), default, path, written.Sha256, written.Length);
    }

    /// <summary>The sequences of a request by sibling, with the bits of their log-probabilities.</summary>
    public static async Task<string[]> SampleAsync(IGenerationEngine engine, GenerationRequest request)
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
