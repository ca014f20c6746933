using ICPO.Actors.Modeling.Checkpoints;
using ICPO.Actors.Modeling.Checkpoints.Gguf;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Lora;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Tokenizers;
using ICPO.Tokenizers.ChatTemplates;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Backend;

/// <summary>
/// Where a model comes from: a Hugging Face directory, a GGUF file, or either of them with a LoRA adapter that is added to the weights
/// while they are read. Weights are mapped and copied tensor by tensor, so a model is in memory once, in the dtype it is computed in.
/// </summary>
public sealed class ModelSource
{
    private readonly bool _isGguf;

    private ModelSource(string path, string? adapter)
    {
        (Path, Adapter, _isGguf) = (
            System.IO.Path.GetFullPath(path),
            adapter is null ? null : System.IO.Path.GetFullPath(adapter),
            File.Exists(path)
        );
        if (_isGguf)
        {
            using GgufFile file = GgufModel.Open(Path);
            (Config, Special) = (GgufModel.LoadConfig(file), GgufModel.LoadSpecialTokens(file));
        }
        else
        {
            (Config, Special) = (HuggingFaceDirectory.LoadConfig(Path), HuggingFaceDirectory.LoadSpecialTokens(Path));
        }
    }

    /// <summary>The base model's directory or file.</summary>
    public string Path { get; }

    /// <summary>The adapter's directory; null if there is none.</summary>
    public string? Adapter { get; }

    /// <summary>The model's shape.</summary>
    public DecoderConfig Config { get; }

    public SpecialTokens Special { get; }

    /// <summary>Reads what the model is, not yet its weights.</summary>
    /// <param name="path">
    /// A Hugging Face directory, a GGUF file, a directory that holds one and no config.json, or the directory of an adapter whose config
    /// names its base model.
    /// </param>
    /// <param name="adapter">A PEFT directory to add to the weights; null adds none.</param>
    /// <exception cref="InvalidDataException">It is none of these, or a file is malformed or not supported; names it.</exception>
    public static ModelSource Open(string path, string? adapter = null)
    {
        if (!LoraAdapter.IsDirectory(path))
        {
            return new(ModelTexts.GgufIn(path) ?? path, adapter);
        }

        return adapter is null
            ? new(BaseOf(path), path)
            : throw new InvalidDataException($"{path} is an adapter, and so is {adapter}; name one of them and a base model.");
    }

    /// <exception cref="InvalidDataException">The tokenizer is missing, malformed or not supported, or has more tokens than the embedding
    /// rows; names the file.</exception>
    public Tokenizer LoadTokenizer()
    {
        Tokenizer tokenizer = ModelTexts.LoadTokenizer(Path);
        return tokenizer.VocabularySize <= Config.VocabSize
            ? tokenizer
            : throw new InvalidDataException(
                $"{Path}: the tokenizer has {tokenizer.VocabularySize} tokens, the embedding only {Config.VocabSize} rows; "
                    + "they are of different models: put the model's own tokenizer.json there."
            );
    }

    /// <summary>Notes about the use of the stored weights, one sentence each: tensors that are not used, or against the config.</summary>
    /// <exception cref="InvalidDataException">A file is missing or malformed; names it.</exception>
    public IEnumerable<string> Notes() => _isGguf ? [] : HuggingFaceDirectory.Notes(Path);

    /// <inheritdoc cref="ModelTexts.FindChatTemplate"/>
    public ChatTemplate? FindChatTemplate() => ModelTexts.FindChatTemplate(Path);

    /// <summary>Config and weights as a decoder, the adapter merged into it.</summary>
    /// <param name="device">Where the weights go; CPU if null.</param>
    /// <param name="dtype">The dtype to which they are converted; null for that of the file.</param>
    /// <exception cref="InvalidDataException">
    /// A file or tensor is missing, not expected, malformed or of another shape; names it.
    /// </exception>
    public Decoder Load(Device? device = null, ScalarType? dtype = null)
    {
        TorchRuntime.EnsureLoaded();
        using ModelFiles files = OpenFiles();
        return DecoderWeights.Create(Config, files.Tensors, device, dtype ?? StoredDtype());
    }

    /// <summary>Writes the tokenizer's files into a directory, where there are some that can be written.</summary>
    public void SaveTokenizer(string directory)
    {
        if (!_isGguf)
        {
            HuggingFaceDirectory.CopyTokenizer(Path, directory);
            return;
        }

        using var file = GgufFile.Open(Path);
        GgufTokenizer.Save(file, Config, directory);
    }

    /// <summary>The weights, checked against the config before memory is taken for them.</summary>
    /// <exception cref="InvalidDataException">A file or tensor is missing, not expected, malformed or of another shape; names
    /// it.</exception>
    internal ModelFiles OpenFiles()
    {
        List<IDisposable> owned = [];
        try
        {
            IReadOnlyList<ITensorFile> tensors = _isGguf ? Gguf(owned) : HuggingFace(owned);
            DecoderWeights.Check(Config, tensors);
            if (Adapter is null)
            {
                return new(Config, tensors, owned);
            }

            var adapter = AdapterFile.Open(Adapter, LoraPlan.Layers(Config));
            owned.Add(adapter);
            return new(Config, [.. tensors.Select(file => new AdaptedTensors(file, adapter))], owned);
        }
        catch
        {
            owned.ForEach(file => file.Dispose());
            throw;
        }
    }

    private List<SafetensorsFile> HuggingFace(List<IDisposable> owned)
    {
        List<SafetensorsFile> shards = WeightFiles.Open(Path);
        owned.AddRange(shards);
        return shards;
    }

    private ITensorFile[] Gguf(List<IDisposable> owned)
    {
        var file = GgufFile.Open(Path);
        owned.Add(file);
        return [GgufModel.Weights(file, Config)];
    }

    private ScalarType StoredDtype()
    {
        if (!_isGguf)
        {
            return HuggingFaceDirectory.LoadDtype(Path);
        }

        using var file = GgufFile.Open(Path);
        return GgufConfig.Dtype(file);
    }

    private static string BaseOf(string adapter)
    {
        string config = System.IO.Path.Combine(adapter, LoraAdapter.Config);
        string model = PeftConfig.ReadBase(config)
            ?? throw new InvalidDataException(
                $"{config}: base_model_name_or_path is missing; name the base model, and {adapter} as its adapter."
            );
        string[] places = [model, System.IO.Path.Combine(adapter, model)];
        return places.FirstOrDefault(System.IO.Path.Exists)
            ?? throw new InvalidDataException(
                $"{config}: base_model_name_or_path is '{model}', which is not there; name the base model, and {adapter} as its adapter."
            );
    }
}
