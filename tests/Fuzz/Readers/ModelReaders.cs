using ICPO.Actors.Modeling.Checkpoints.Gguf;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Lora;
using ICPO.Tokenizers;

namespace Fuzz.Readers;

/// <summary>Readers of the files of models.</summary>
internal static class ModelReaders
{
    private static readonly LoraLayer[] Layers =
    [
        .. Enumerable
            .Range(0, 4)
            .SelectMany(i =>
                new[] { "self_attn.q_proj", "self_attn.v_proj", "mlp.up_proj" }.Select(name => new LoraLayer(
                    $"model.layers.{i}.{name}",
                    16,
                    16
                ))
            )
            .Append(new LoraLayer("lm_head", 32, 16)),
    ];

    /// <summary>Head, tensors, config, tokenizer and template of a file; each is read whatever is wrong with the others.</summary>
    public static void Gguf(byte[] input)
    {
        using var file = GgufFile.Open(Scratch.File("model.gguf", input));
        Try(() => GgufModel.LoadConfig(file));
        Try(() => GgufModel.LoadSpecialTokens(file));
        Try(() => TokenizerJson.Parse("tokenizer", GgufTokenizer.Write(GgufTokenizer.Create(file))).Encode("Ada has 3 apples."));
        Try(() => GgufTokenizer.CreateConfig(file, 1));
        foreach (GgufTensor tensor in file.Tensors)
        {
            Try(() => file.Read(tensor.Name));
        }
    }

    public static void Safetensors(byte[] input)
    {
        using var file = SafetensorsFile.Open(Scratch.File("model.safetensors", input));
        foreach (TensorEntry tensor in file.Tensors)
        {
            _ = file.Bytes(tensor.Name).Length;
        }
    }

    public static void Config(byte[] input) => HuggingFaceConfig.Read(Scratch.File("config.json", input));

    public static void Peft(byte[] input) => LoraPlan.Find(Layers, PeftConfig.Parse("adapter_config.json", input), "adapter_config.json");

    private static void Try(Action read)
    {
        try
        {
            read();
        }
        catch (InvalidDataException)
        {
            // Clear; the other parts are tried as well.
        }
    }
}
