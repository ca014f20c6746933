using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Transformer;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Checkpoints.Gguf;

/// <summary>What a conversion made.</summary>
/// <param name="Config">The model's shape.</param>
/// <param name="Dtype">What its weights were written in.</param>
/// <param name="Weights">model.safetensors.</param>
/// <param name="WithoutTokenizer">Why the directory has no tokenizer.json; null if it has one.</param>
public sealed record ConversionReport(DecoderConfig Config, string Dtype, WrittenFile Weights, string? WithoutTokenizer);

/// <summary>Makes Hugging Face directories of GGUF files.</summary>
public static class GgufConversion
{
    private static readonly Dictionary<string, ScalarType> ByName = new()
    {
        ["float32"] = ScalarType.Float32,
        ["bfloat16"] = ScalarType.BFloat16,
        ["float16"] = ScalarType.Float16,
    };

    /// <summary>What weights can be written in.</summary>
    public static IReadOnlyCollection<string> Dtypes => ByName.Keys;

    /// <summary>Writes config, weights, generation settings and tokenizer; the directory has its name only when complete.</summary>
    /// <param name="path">The GGUF file.</param>
    /// <param name="directory">The directory to write; one that is there is replaced.</param>
    /// <param name="dtype">What to write the weights in, one of <see cref="Dtypes"/>; null loses nothing: float16 or bfloat16 where the
    /// file has nothing else, float32 otherwise.</param>
    /// <exception cref="ArgumentException">The dtype is not known.</exception>
    /// <exception cref="InvalidDataException">The file is malformed or not supported; names the place.</exception>
    public static ConversionReport Convert(string path, string directory, string? dtype = null)
    {
        ScalarType? wanted =
            dtype is null ? null
            : ByName.TryGetValue(dtype, out ScalarType known) ? known
            : throw new ArgumentException($"dtype is {dtype}: one of {string.Join(", ", Dtypes)} is allowed.", nameof(dtype));
        using var file = GgufFile.Open(path);
        DecoderConfig config = GgufConfig.Read(file);
        _ = RopeConfig.Write(config.RopeScaling); // fails before the weights are read
        if (file.Metadata("tokenizer.ggml.tokens") is string[] tokens && tokens.Length > config.VocabSize)
        {
            throw new InvalidDataException(
                $"{path}: the tokenizer has {tokens.Length} tokens, the embedding only {config.VocabSize} rows; "
                    + "they are of different models."
            );
        }

        using Decoder decoder = GgufModel.Load(file, null, wanted);
        string? why = null;
        WrittenFile weights = HuggingFaceDirectory.Save(directory, decoder, GgufConfig.Special(file), folder =>
            why = GgufTokenizer.Save(file, config, folder)
        );
        return new(config, decoder.Dtype.ToString().ToLowerInvariant(), weights, why);
    }
}
