using ICPO.Actors.Modeling.Transformer;
using ICPO.DataFiles.Files;
using ICPO.Tokenizers;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Checkpoints.Gguf;

/// <summary>Decoders from GGUF files of the architectures llama, qwen2 and qwen3.</summary>
public static class GgufModel
{
    /// <summary>Config and weights as a decoder.</summary>
    /// <param name="path">The GGUF file.</param>
    /// <param name="device">Where the weights go; CPU if null.</param>
    /// <param name="dtype">What they are converted to and computed in; null is float16 or bfloat16 where the file has nothing else, and
    /// float32 otherwise.</param>
    /// <exception cref="InvalidDataException">A key or tensor is missing, not expected, malformed, of another shape or of a type that is
    /// not supported; names it.</exception>
    public static Decoder Load(string path, Device? device = null, ScalarType? dtype = null)
    {
        using var file = GgufFile.Open(path);
        return Load(file, device, dtype);
    }

    public static Decoder Load(GgufFile file, Device? device = null, ScalarType? dtype = null)
    {
        DecoderConfig config = GgufConfig.Read(file);
        return DecoderWeights.Create(config, [Weights(file, config)], device, dtype ?? GgufConfig.Dtype(file));
    }

    /// <summary>Opens the file of a model.</summary>
    /// <exception cref="InvalidDataException">It is absent, malformed, or a file of another kind; names it.</exception>
    internal static GgufFile Open(string path) =>
        Path.GetExtension(path) == ".safetensors" && !GgufFile.Begins(path) ? throw NotAModel(path) : GgufFile.Open(path);

    /// <summary>The weights under their Hugging Face names.</summary>
    /// <exception cref="InvalidDataException">A tensor is of a type that is not supported; names it.</exception>
    internal static GgufWeights Weights(GgufFile file, DecoderConfig config)
    {
        foreach (GgufTensor tensor in file.Tensors)
        {
            file.Reader(tensor); // fails before memory is taken
            if (tensor.Type.IsInteger)
            {
                throw new InvalidDataException(
                    $"{file.Path}: tensor {tensor.Name} is stored as {tensor.Type.Name}, integers without a quantization; convert the "
                        + "model again in F32, F16, BF16 or a quantized type."
                );
            }
        }

        return new(file, config);
    }

    /// <summary>The shape of the model.</summary>
    /// <exception cref="InvalidDataException">A key is missing, malformed or not supported; names it.</exception>
    public static DecoderConfig LoadConfig(GgufFile file) => GgufConfig.Read(file);

    /// <summary>The special tokens; both the end of a text and of a turn end a response.</summary>
    public static SpecialTokens LoadSpecialTokens(GgufFile file) => GgufConfig.Special(file);

    private static InvalidDataException NotAModel(string path)
    {
        using FileStream file = ModelFile.Open(path); // fails by itself for a pointer of Git LFS
        return new($"{path} holds tensors alone; name the directory with its config.json, or a GGUF file.");
    }
}
