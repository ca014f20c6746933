using System.Text.Json;
using System.Text.Json.Nodes;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Transformer;
using ICPO.DataFiles.Files;
using ICPO.DataFiles.Json;
using ICPO.Tokenizers;
using ICPO.Tokenizers.ChatTemplates;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Checkpoints.HuggingFace;

/// <summary>A model as a directory that Hugging Face transformers opens: config, weights, tokenizer, generation settings.</summary>
public static class HuggingFaceDirectory
{
    public const string Weights = "model.safetensors";
    public const string Config = "config.json";
    private const string Generation = "generation_config.json";

    private static readonly string[] TokenizerFiles =
    [
        TokenizerJson.FileName,
        "tokenizer_config.json",
        "special_tokens_map.json",
        "added_tokens.json",
        "vocab.json",
        "merges.txt",
        "tokenizer.model",
        "chat_template.jinja",
        "chat_template.json",
    ];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Config and weights as a decoder.</summary>
    /// <param name="directory">Holds config.json and model.safetensors (or model.safetensors.index.json with its shards).</param>
    /// <param name="device">Where the weights go; CPU if null.</param>
    /// <param name="dtype">The dtype to which they are converted; null for that of the config.</param>
    /// <exception cref="InvalidDataException">
    /// A file, key or tensor is missing, not expected, malformed or of another shape; names it.
    /// </exception>
    public static Decoder Load(string directory, Device? device = null, ScalarType? dtype = null)
    {
        TorchRuntime.EnsureLoaded();
        (DecoderConfig? config, SpecialTokens _, ScalarType stored) = HuggingFaceConfig.Read(Path.Combine(directory, Config));
        List<SafetensorsFile> files = WeightFiles.Open(directory);
        try
        {
            return DecoderWeights.Create(StoredHead.Apply(config, files), files, device, dtype ?? stored);
        }
        finally
        {
            files.ForEach(f => f.Dispose());
        }
    }

    /// <summary>Copies a weights file into a decoder of the same shape; nothing is copied unless everything fits.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing, not expected or of another shape; names it.</exception>
    public static void LoadWeights(Decoder decoder, string path)
    {
        using var file = SafetensorsFile.Open(path);
        DecoderWeights.Load(decoder, [file.RequireWeights()]);
    }

    /// <summary>
    /// The model's shape: that of config.json, but with a separate output matrix if the weights contain one that differs from the
    /// embedding to which the config ties it.
    /// </summary>
    /// <exception cref="InvalidDataException">A file is missing or malformed; names it.</exception>
    public static DecoderConfig LoadConfig(string directory)
    {
        DecoderConfig config = HuggingFaceConfig.Read(Path.Combine(directory, Config)).Config;
        if (!config.TieWordEmbeddings || !WeightFiles.Exist(directory))
        {
            return config;
        }

        List<SafetensorsFile> files = WeightFiles.Open(directory);
        try
        {
            return StoredHead.Apply(config, files);
        }
        finally
        {
            files.ForEach(f => f.Dispose());
        }
    }

    /// <summary>What to know about how the weights are used, one sentence each.</summary>
    /// <exception cref="InvalidDataException">A file is missing or malformed; names it.</exception>
    internal static IEnumerable<string> Notes(string directory)
    {
        DecoderConfig config = HuggingFaceConfig.Read(Path.Combine(directory, Config)).Config;
        List<SafetensorsFile> files = WeightFiles.Open(directory);
        try
        {
            return WeightNotes.Describe(config, files);
        }
        finally
        {
            files.ForEach(f => f.Dispose());
        }
    }

    /// <summary>The dtype of the weights according to the config.</summary>
    internal static ScalarType LoadDtype(string directory) => HuggingFaceConfig.Read(Path.Combine(directory, Config)).Dtype;

    /// <summary>Special tokens: generation_config.json's, and config.json's where that is silent.</summary>
    public static SpecialTokens LoadSpecialTokens(string directory)
    {
        (DecoderConfig _, SpecialTokens? special, ScalarType _) = HuggingFaceConfig.Read(Path.Combine(directory, Config));
        string path = Path.Combine(directory, Generation);
        if (!File.Exists(path))
        {
            return special;
        }

        using var json = JsonFile.Open(path);
        SpecialTokens said = HuggingFaceConfig.Special(json.Keys);
        return new(said.Bos ?? special.Bos, said.Eos.Count > 0 ? said.Eos : special.Eos, said.Pad ?? special.Pad);
    }

    /// <summary>Writes the whole directory; it has its name only when complete and synced, and replaces one that was there.</summary>
    /// <param name="directory">The directory to write.</param>
    /// <param name="decoder">Config and weights, in the decoder's dtype.</param>
    /// <param name="special">Special tokens.</param>
    /// <param name="tokenizer">Writes tokenizer.json (and what belongs to it) into the directory it is given; null writes none.</param>
    /// <param name="more">Writes further files into the directory, e.g. the optimizer's state.</param>
    /// <returns>Hash and length of model.safetensors.</returns>
    public static WrittenFile Save(
        string directory,
        Decoder decoder,
        SpecialTokens special,
        Action<string>? tokenizer = null,
        Action<string>? more = null
    )
    {
        WrittenFile? weights = null;
        DurableFile.WriteDirectory(directory, folder =>
        {
            weights = SaveWeights(decoder, Path.Combine(folder, Weights));
            SaveConfiguration(folder, decoder.Config, special, decoder.Dtype);
            tokenizer?.Invoke(folder);
            more?.Invoke(folder);
        });
        return weights!;
    }

    /// <summary>Writes the files that say what a model is into a directory.</summary>
    internal static void SaveConfiguration(
        string folder,
        DecoderConfig config,
        SpecialTokens special,
        ScalarType dtype = ScalarType.Float32
    )
    {
        Write(folder, Config, HuggingFaceConfig.Write(config, special, dtype));
        Write(folder, Generation, HuggingFaceConfig.WriteGeneration(special));
    }

    /// <summary>Copies a model directory's tokenizer files into another directory, for <see cref="Save"/>.</summary>
    public static void CopyTokenizer(string from, string to)
    {
        foreach (string name in TextFiles(from))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(to, name))!);
            DurableFile.Write(Path.Combine(to, name), file =>
            {
                using FileStream source = File.OpenRead(Path.Combine(from, name));
                source.CopyTo(file);
            });
        }
    }

    /// <summary>Writes the decoder's parameters to one safetensors file, adapters merged into them.</summary>
    public static WrittenFile SaveWeights(Decoder decoder, string path)
    {
        var layout = new CheckpointLayout(decoder.Config);
        if (layout.IsIdentity)
        {
            return SafetensorsWriter.Write(
                path,
                decoder.named_parameters().Select(p => KeyValuePair.Create(p.name, (Tensor)p.parameter)),
                (name, tensor) => decoder.Adapter?.Merged(name, tensor) ?? tensor
            );
        }

        using DisposeScope scope = NewDisposeScope();
        var parameters = decoder.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        return SafetensorsWriter.Write(path, layout.Stored(decoder), (stored, _) =>
            cat([.. layout.Parts(stored).Select(name => layout.ToStored(name, parameters[name]))])
        );
    }

    private static void Write(string folder, string name, JsonObject content) =>
        DurableFile.Write(Path.Combine(folder, name), file => file.Write(JsonSerializer.SerializeToUtf8Bytes(content, Indented)));

    /// <summary>The names of a directory's files that say what the model is.</summary>
    internal static IEnumerable<string> ConfigFiles => [Config, Generation, WeightFiles.Index];

    /// <summary>The names of a directory's tokenizer and template files that are there.</summary>
    internal static string[] TextFiles(string directory)
    {
        string templates = Path.Combine(directory, ChatTemplateFiles.Folder);
        string[] named = Directory.Exists(templates)
            ? [.. Directory.EnumerateFiles(templates).Select(file => Path.GetRelativePath(directory, file)).Order(StringComparer.Ordinal)]
            : [];
        return [.. TokenizerFiles.Where(name => File.Exists(Path.Combine(directory, name))), .. named];
    }
}
