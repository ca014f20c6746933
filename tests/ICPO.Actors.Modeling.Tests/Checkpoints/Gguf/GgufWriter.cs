using System.Runtime.InteropServices;
using ICPO.Actors.Modeling.Tests.Inference;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Checkpoints.Gguf;

/// <summary>Writes decoders as llama.cpp does, in the plain types, so that GGUF is tested where no files of other software are.</summary>
internal static class GgufWriter
{
    private static readonly Dictionary<string, uint> Ids = new()
    {
        ["F32"] = 0,
        ["F16"] = 1,
        ["Q8_0"] = 8,
        ["BF16"] = 30,
    };

    private static readonly (string HuggingFace, string Gguf)[] Names =
    [
        ("model.layers.", "blk."),
        ("model.embed_tokens", "token_embd"),
        ("model.norm", "output_norm"),
        ("lm_head", "output"),
        ("input_layernorm", "attn_norm"),
        ("post_attention_layernorm", "ffn_norm"),
        ("self_attn.q_proj", "attn_q"),
        ("self_attn.k_proj", "attn_k"),
        ("self_attn.v_proj", "attn_v"),
        ("self_attn.o_proj", "attn_output"),
        ("self_attn.q_norm", "attn_q_norm"),
        ("self_attn.k_norm", "attn_k_norm"),
        ("mlp.gate_proj", "ffn_gate"),
        ("mlp.up_proj", "ffn_up"),
        ("mlp.down_proj", "ffn_down"),
    ];

    /// <summary>Matrices in <paramref name="type"/>, vectors in F32. The tokenizer has single characters and no merges.</summary>
    public static void Write(string path, Modeling.Transformer.Decoder decoder, string type, params (string Key, object Value)[] more)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        DecoderConfig config = decoder.Config;
        string name = config.Family.GgufArchitecture!;
        string[] tokens = [.. Enumerable.Range('!', config.VocabSize - 1).Select(c => $"{(char)c}"), "<end>"];
        (string Key, object Value)[] metadata =
        [
            ("general.architecture", name),
            ($"{name}.embedding_length", (uint)config.HiddenSize),
            ($"{name}.attention.head_count", (uint)config.NumAttentionHeads),
            ($"{name}.attention.head_count_kv", (uint)config.NumKeyValueHeads),
            ($"{name}.attention.key_length", (uint)config.HeadDim),
            ($"{name}.attention.value_length", (uint)config.HeadDim),
            ($"{name}.feed_forward_length", (uint)config.IntermediateSize),
            ($"{name}.block_count", (uint)config.NumHiddenLayers),
            ($"{name}.context_length", (uint)config.MaxPositionEmbeddings),
            ($"{name}.rope.freq_base", (float)config.RopeTheta),
            ($"{name}.attention.layer_norm_rms_epsilon", (float)config.RmsNormEps),
            ("tokenizer.ggml.model", "gpt2"),
            ("tokenizer.ggml.pre", "gpt-2"),
            ("tokenizer.ggml.tokens", tokens),
            ("tokenizer.ggml.merges", Array.Empty<string>()),
            ("tokenizer.ggml.token_type", tokens.Select(t => t.Length == 1 ? 1 : 3).ToArray()),
            ("tokenizer.ggml.eos_token_id", (uint)(tokens.Length - 1)),
        ];
        metadata = [.. metadata.Where(pair => more.All(m => m.Key != pair.Key)), .. more];
        List<(string Name, uint Type, ulong[] Shape, byte[] Bytes)> tensors = [];
        foreach ((string parameter, Tensor value) in Models.Weights(decoder))
        {
            bool isPaired =
                parameter.Contains("q_proj", StringComparison.Ordinal) || parameter.Contains("k_proj", StringComparison.Ordinal);
            Tensor stored = isPaired ? Paired(config, value) : value.detach();
            string kind = value.dim() == 1 ? "F32" : type;
            tensors.Add(
                (
                    Names.Aggregate(parameter, (known, pair) => known.Replace(pair.HuggingFace, pair.Gguf, StringComparison.Ordinal)),
                    Ids[kind],
                    [.. value.shape.Reverse().Select(size => (ulong)size)],
                    Encode(stored.contiguous().data<float>().ToArray(), kind)
                )
            );
        }

        GgufContainer.Write(File.Create(path), metadata, tensors);
    }

    /// <summary>What comes back of values that were written in a type.</summary>
    public static float[] Rounded(float[] values, string type) =>
        type switch
        {
            "F16" => [.. values.Select(v => (float)(Half)v)],
            "BF16" => [.. values.Select(v => BitConverter.UInt32BitsToSingle((uint)Upper(v) << 16))],
            "Q8_0" =>
            [
                .. values.Chunk(32).SelectMany(block => block.Select(v => (float)(sbyte)MathF.Round(v / Scale(block)) * Scale(block))),
            ],
            _ => values,
        };

    private static byte[] Encode(float[] values, string type) =>
        type switch
        {
            "F16" => MemoryMarshal.AsBytes(values.Select(v => (Half)v).ToArray().AsSpan()).ToArray(),
            "BF16" => MemoryMarshal.AsBytes(values.Select(Upper).ToArray().AsSpan()).ToArray(),
            "Q8_0" =>
            [
                .. values
                    .Chunk(32)
                    .SelectMany(block =>
                        (byte[])
                            [.. BitConverter.GetBytes((Half)Scale(block)), .. block.Select(v => (byte)(sbyte)MathF.Round(v / Scale(block)))]
                    ),
            ],
            _ => MemoryMarshal.AsBytes(values.AsSpan()).ToArray(),
        };

    /// <summary>The largest value becomes 127; the scale is stored in float16.</summary>
    private static float Scale(float[] block) => (float)(Half)(block.Max(MathF.Abs) / 126);

    private static ushort Upper(float value) => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16);

    /// <summary>
    /// llama.cpp rotates neighboring rows of a head of the architecture llama, Hugging Face rows that are half a head apart.
    /// </summary>
    private static Tensor Paired(DecoderConfig config, Tensor value) =>
        !config.Family.HasPairedGgufRows || value.dim() == 1 && value.shape[0] % config.HeadDim != 0
            ? value.detach()
            : value.detach().view(-1, 2, config.HeadDim / 2, value.dim() == 1 ? 1 : value.shape[1]).transpose(1, 2).reshape(value.shape);
}
