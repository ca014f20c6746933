using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Lora;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Backend;

/// <summary>
/// Engines and learners of one base model. Engines compute in the given dtype; the learner keeps its weights in float32, since bfloat16
/// would lose small updates, multiplies in the configured dtype, and every engine casts the published weights.
/// </summary>
public sealed class PolicyBackend : IPolicyBackend
{
    private readonly ModelSource _model;
    private readonly PolicyTokenizer _tokenizer;
    private readonly EngineSettings _engine;
    private readonly LearnerSettings _learner;
    private readonly LoraSettings? _lora;
    private readonly ulong _loraSeed;
    private readonly Device _device;
    private readonly ScalarType _dtype;

    /// <param name="model">A Hugging Face directory, a GGUF file, or the directory of an adapter that names its base model; see
    /// <see cref="ModelSource"/>.</param>
    /// <param name="engine">An engine's size.</param>
    /// <param name="learner">How the learner trains.</param>
    /// <param name="options">Device, dtype and adapters; null takes the defaults.</param>
    /// <exception cref="ArgumentException">The device or dtype is unknown, this build of libtorch has no such device, or a setting does not
    /// fit the model.</exception>
    /// <exception cref="InvalidDataException">The model's configuration or tokenizer is missing or malformed; names the file.</exception>
    public PolicyBackend(string model, EngineSettings engine, LearnerSettings learner, BackendOptions? options = null)
    {
        options ??= new BackendOptions();
        (_learner, _lora) = (learner, options.Lora);
        _loraSeed = options.LoraSeed;
        _dtype = (options.Dtype == "auto" ? Bfloat16Products.FastestDtype(options.Device) : options.Dtype) switch
        {
            "float32" => ScalarType.Float32,
            "bfloat16" => ScalarType.BFloat16,
            _ => throw new ArgumentException($"dtype is {options.Dtype}: float32, bfloat16 or auto is allowed.", nameof(options)),
        };
        _device = Find(options.Device);
        _model = ModelSource.Open(model, options.Adapter);
        if (engine.Context > _model.Config.MaxPositionEmbeddings)
        {
            throw new ArgumentException(
                $"The engine's context of {engine.Context} tokens is longer than the {_model.Config.MaxPositionEmbeddings} of the model in "
                    + $"{model}; lower it, or set 0 for the model's.",
                nameof(engine)
            );
        }

        CheckLora();
        _engine = engine with { EndTokens = [.. engine.EndTokens, .. _model.Special.Eos] };
        _tokenizer = PolicyTokenizer.Create(_model.LoadTokenizer(), options.SpecialTokens, _model.Special);
    }

    /// <summary>See <see cref="PolicyLearner.CheckpointFilled"/>.</summary>
    public Action? CheckpointFilled { get; init; }

    /// <summary>Longest prompt and response of an engine together, in tokens.</summary>
    public int Context => _engine.Context > 0 ? _engine.Context : _model.Config.MaxPositionEmbeddings;

    /// <summary>The base model's files.</summary>
    public ModelSource Source => _model;

    public ITokenizer Tokenizer => _tokenizer;

    /// <inheritdoc/>
    public ImmutableArray<string> Notes =>
        [
            .. _model.Notes(),
            .. _tokenizer.Note is { } note ? [note] : Array.Empty<string>(),
            .. _dtype == ScalarType.BFloat16 && !Bfloat16Products.AreFast(_device.type == DeviceType.CPU ? "cpu" : "cuda")
                ? ["model.dtype is bfloat16, but this processor multiplies bfloat16 many times slower than float32; set float32 or auto."]
                : Array.Empty<string>(),
        ];

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The weights are missing or malformed; names the file and the tensor.</exception>
    public GenerationEngine CreateEngine(int index, bool isolateRequests)
    {
        using NativeCalls.Scope call = NativeCalls.Begin();
        var options = new EngineOptions($"generation-{index}")
        {
            Version = PolicyVersion.Base,
            IsolateRequests = isolateRequests,
            Device = _device,
            Dtype = _dtype,
        };
        return GenerationEngine.Create(_model.OpenFiles(), Tokenizer, _engine, options);
    }

    IGenerationEngine IPolicyBackend.CreateEngine(int index, bool isolateRequests) => CreateEngine(index, isolateRequests);

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The weights are missing or malformed; names the file and the tensor.</exception>
    public IReferencePolicy CreateReference(int tokens)
    {
        using NativeCalls.Scope call = NativeCalls.Begin();
        return new ReferencePolicy(_model, _engine, new EngineOptions("reference") { Device = _device, Dtype = _dtype }, tokens);
    }

    /// <inheritdoc/>
    public ILearner CreateLearner() => ModelLearner.Create(_model, _learner, _device, _lora, _loraSeed, CheckpointFilled);

    private void CheckLora()
    {
        if (_lora is null)
        {
            return;
        }

        if (_model.Adapter is { } merged)
        {
            throw new ArgumentException(
                $"model.lora.rank is {_lora.Rank}, but the model is {_model.Path} with the adapter {merged}; "
                    + "an adapter cannot be trained on an adapted model: merge it first (icpo convert) and train on the result."
            );
        }

        try
        {
            LoraPlan.Find(LoraPlan.Layers(_model.Config), _lora, "icpo.model.lora", "targets");
        }
        catch (InvalidDataException e)
        {
            throw new ArgumentException(e.Message, e);
        }
    }

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
            : throw new ArgumentException(
                $"device is {name}, but libtorch finds no CUDA device: "
                    + "build with -p:Torch=cuda on a machine with a GPU and its driver, or use cpu.",
                nameof(name)
            );
    }
}
