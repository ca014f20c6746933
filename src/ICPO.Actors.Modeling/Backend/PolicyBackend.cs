using ICPO.Actors.Contracts;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling;

/// <summary>
/// Engines and learners of one base model, a Hugging Face directory. Engines compute in the given dtype; the learner keeps
/// its weights in float32, since bfloat16 would lose small updates, multiplies in what its settings say, and every engine casts
/// what it publishes.
/// </summary>
public sealed class PolicyBackend : IPolicyBackend
{
    private readonly string _directory;
    private readonly EngineSettings _engine;
    private readonly LearnerSettings _learner;
    private readonly Device _device;
    private readonly ScalarType _dtype;

    /// <param name="directory">Holds config.json, model.safetensors and tokenizer.json.</param>
    /// <param name="engine">An engine's size.</param>
    /// <param name="learner">How the learner trains.</param>
    /// <param name="device">Where to compute, e.g. <c>cpu</c> or <c>cuda:0</c>.</param>
    /// <param name="dtype">What engines compute in: <c>float32</c> or <c>bfloat16</c>.</param>
    /// <exception cref="ArgumentException">The device or dtype is unknown, or this build of libtorch has no such device.</exception>
    /// <exception cref="InvalidDataException">The directory's configuration or tokenizer is missing or malformed; names the file.</exception>
    public PolicyBackend(string directory, EngineSettings engine, LearnerSettings learner, string device = "cpu", string dtype = "float32")
    {
        (_directory, _engine, _learner) = (directory, engine, learner);
        _dtype = dtype switch
        {
            "float32" => ScalarType.Float32,
            "bfloat16" => ScalarType.BFloat16,
            _ => throw new ArgumentException($"dtype is {dtype}: float32 or bfloat16 is allowed.", nameof(dtype)),
        };
        _device = Find(device);
        DecoderConfig config = HuggingFaceDirectory.LoadConfig(directory);
        if (engine.Context > config.MaxPositionEmbeddings)
        {
            throw new ArgumentException(
                $"The engine's context of {engine.Context} tokens is longer than the {config.MaxPositionEmbeddings} that the model in {directory} was made for; lower it, or 0 takes the model's.", nameof(engine));
        }

        Tokenizer = TokenizerJson.Load(Path.Combine(directory, TokenizerJson.FileName));
    }

    /// <summary>See <see cref="PolicyLearner.CheckpointFilled"/>.</summary>
    public Action? CheckpointFilled { get; init; }

    public ITokenizer Tokenizer { get; }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The weights are missing or malformed; names the file and the tensor.</exception>
    public IGenerationEngine CreateEngine(int index, bool isolateRequests)
    {
        // Cast once, by the engine itself, as it does with what the learner publishes.
        using Decoder decoder = HuggingFaceDirectory.Load(_directory, CPU, ScalarType.Float32);
        var weights = decoder.named_parameters().ToDictionary(pair => pair.name, pair => (Tensor)pair.parameter);
        return new GenerationEngine(
            decoder.Config, weights, Tokenizer, _engine, $"generation-{index}", PolicyVersion.Base, isolateRequests, _device, _dtype);
    }

    /// <inheritdoc/>
    public ILearner CreateLearner() => new PolicyLearner(_directory, _learner, PolicyVersion.Base, _device, ScalarType.Float32) { CheckpointFilled = CheckpointFilled };

    private static Device Find(string name)
    {
        TorchRuntime.EnsureLoaded();
        string kind = name.Split(':')[0];
        if (kind is not ("cpu" or "cuda") || (name.Length > kind.Length && !int.TryParse(name[(kind.Length + 1)..], out _)))
        {
            throw new ArgumentException($"device is {name}: cpu, cuda or cuda:N is allowed.", nameof(name));
        }

        return kind == "cpu" || cuda.is_available()
            ? torch.device(name)
            : throw new ArgumentException($"device is {name}, but libtorch finds no CUDA device: build with -p:Torch=cuda on a machine with a GPU and its driver, or use cpu.", nameof(name));
    }
}
