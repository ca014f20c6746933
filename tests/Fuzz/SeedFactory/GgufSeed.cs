using TestSupport;

namespace Fuzz.SeedFactory;

/// <summary>Small GGUF files: metadata, tokenizer and one tensor.</summary>
internal static class GgufSeed
{
    /// <summary>A byte-level tokenizer with merges.</summary>
    public static byte[] ByteLevel()
    {
        string[] tokens = [.. Enumerable.Range('!', 60).Select(c => $"{(char)c}"), "AB", "ABC", "<end>"];
        return File(
            "qwen2",
            ("tokenizer.ggml.model", "gpt2"),
            ("tokenizer.ggml.pre", "qwen2"),
            ("tokenizer.ggml.tokens", tokens),
            ("tokenizer.ggml.token_type", tokens.Select(t => t.Length < 4 ? 1 : 3).ToArray()),
            ("tokenizer.ggml.merges", new[] { "A B", "AB C" }),
            ("tokenizer.ggml.eos_token_id", (uint)(tokens.Length - 1)),
            ("tokenizer.chat_template", "{% for m in messages %}{{ m.content }}{% endfor %}")
        );
    }

    /// <summary>A tokenizer of scored pieces, as SentencePiece has it.</summary>
    public static byte[] Pieces()
    {
        string[] tokens =
        [
            "<unk>",
            "<s>",
            "</s>",
            "a",
            "b",
            "c",
            "aa",
            "ab",
            "abc",
            "aaa",
            "▁",
            "▁a",
            "▁ab",
            .. Enumerable.Range(0, 16).Select(b => $"<0x{b:X2}>"),
        ];
        return File(
            "llama",
            ("tokenizer.ggml.model", "llama"),
            ("tokenizer.ggml.tokens", tokens),
            ("tokenizer.ggml.scores", tokens.Select((_, i) => -(float)i).ToArray()),
            (
                "tokenizer.ggml.token_type",
                tokens
                    .Select(t =>
                        t switch
                        {
                            "<unk>" => 2,
                            "<s>" or "</s>" => 3,
                            ['<', ..] => 6,
                            _ => 1,
                        }
                    )
                    .ToArray()
            ),
            ("tokenizer.ggml.bos_token_id", 1u),
            ("tokenizer.ggml.eos_token_id", 2u),
            ("tokenizer.ggml.unknown_token_id", 0u)
        );
    }

    private static byte[] File(string name, params (string Key, object Value)[] more)
    {
        (string Key, object Value)[] metadata =
        [
            ("general.architecture", name),
            ($"{name}.embedding_length", 8u),
            ($"{name}.attention.head_count", 2u),
            ($"{name}.attention.head_count_kv", 1u),
            ($"{name}.feed_forward_length", 16u),
            ($"{name}.block_count", 1u),
            ($"{name}.context_length", 64u),
            ($"{name}.attention.layer_norm_rms_epsilon", 1e-5f),
            .. more,
        ];
        using var stream = new MemoryStream();
        GgufContainer.Write(
            stream,
            metadata,
            [("token_embd.weight", 0, [8, 4], new byte[128]), ("output_norm.weight", 8, [32], new byte[64])]
        );
        return stream.ToArray();
    }
}
