using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Checkpoints.Gguf;

/// <summary>
/// The tensors of a GGUF file under their Hugging Face names and in Hugging Face's order: where the family
/// stores the rows of q and k in pairs (i, i + head_dim/2), that is undone here.
/// </summary>
internal sealed partial class GgufWeights : ITensorFile
{
    private const long PieceElements = 1 << 20;

    private static readonly Dictionary<string, string> Modules = new()
    {
        ["token_embd"] = "model.embed_tokens",
        ["output_norm"] = "model.norm",
        ["output"] = "lm_head",
        ["attn_norm"] = "input_layernorm",
        ["attn_q"] = "self_attn.q_proj",
        ["attn_k"] = "self_attn.k_proj",
        ["attn_v"] = "self_attn.v_proj",
        ["attn_output"] = "self_attn.o_proj",
        ["attn_q_norm"] = "self_attn.q_norm",
        ["attn_k_norm"] = "self_attn.k_norm",
        ["ffn_norm"] = "post_attention_layernorm",
        ["ffn_gate"] = "mlp.gate_proj",
        ["ffn_up"] = "mlp.up_proj",
        ["ffn_down"] = "mlp.down_proj",
    };

    private readonly GgufFile _file;
    private readonly DecoderConfig _config;
    private readonly Dictionary<string, GgufTensor> _tensors;

    public GgufWeights(GgufFile file, DecoderConfig config)
    {
        (_file, _config) = (file, config);
        _tensors = [];
        foreach (GgufTensor? tensor in file.Tensors.Where(t => t.Name != GgufConfig.RopeDivisors))
        {
            if (!_tensors.TryAdd(HuggingFaceName(tensor.Name), tensor))
            {
                throw new InvalidDataException(
                    $"{file.Path}: tensor {tensor.Name} is there a second time as {HuggingFaceName(tensor.Name)}."
                );
            }
        }
    }

    public string Path => _file.Path;

    public IEnumerable<(string Name, long[] Shape)> Shapes => _tensors.Select(t => (t.Key, t.Value.Shape));

    /// <summary>
    /// Dequantised in pieces of whole rows, each row from where it is stored: the file and the tensor are never in memory at the same time.
    /// </summary>
    public void CopyTo(string name, Tensor target)
    {
        GgufTensor tensor = _tensors[name];
        int heads = tensor.Name.Contains(".attn_q.", StringComparison.Ordinal) ? _config.NumAttentionHeads : _config.NumKeyValueHeads;
        bool isPaired =
            _config.Family.HasPairedGgufRows
            && (name.Contains(".q_proj.", StringComparison.Ordinal) || name.Contains(".k_proj.", StringComparison.Ordinal));
        (long rows, long width) = (tensor.Shape[0], tensor.Shape.Length == 1 ? 1 : tensor.Shape[1]);
        if (isPaired && width % tensor.Type.Elements != 0)
        {
            throw new InvalidDataException(
                $"{Path}: tensor {tensor.Name} is stored as {tensor.Type.Name}, whose blocks hold more than a row of {width}."
            );
        }

        using DisposeScope scope = NewDisposeScope();
        using IDisposable _ = no_grad();
        Tensor flat = target.view(rows, width);
        long piece = Math.Min(rows, Math.Max(1, PieceElements / width));
        Tensor staging = empty(piece, width);
        for (long at = 0; at < rows; at += piece)
        {
            long count = Math.Min(piece, rows - at);
            Span<float> values = MemoryMarshal.Cast<byte, float>(staging.bytes)[..(int)(count * width)];
            if (isPaired)
            {
                ReadUnpaired(tensor, at, values, (int)width, (int)(rows / heads));
            }
            else
            {
                _file.Read(tensor, at * width, values);
            }

            flat.narrow(0, at, count).copy_(staging.narrow(0, 0, count));
            _file.Release(tensor, at * width, count * width);
        }
    }

    /// <summary>Row i of a head, from where it is stored: row 2i, or row 2(i − head_dim/2) + 1 in the second half.</summary>
    private void ReadUnpaired(GgufTensor tensor, long from, Span<float> values, int width, int headDim)
    {
        for (int i = 0; i < values.Length / width; i++)
        {
            (long head, long row) = Math.DivRem(from + i, headDim);
            long stored = (head * headDim) + (row < headDim / 2 ? 2 * row : (2 * (row - (headDim / 2))) + 1);
            _file.Read(tensor, stored * width, values.Slice(i * width, width));
        }
    }

    /// <summary>
    /// The name itself where it is none of a decoder's: that it is not expected is found when the config is held against it.
    /// </summary>
    private static string HuggingFaceName(string name) =>
        Name().Match(name) is { Success: true } match && Modules.TryGetValue(match.Groups["module"].Value, out string? module)
            ? $"{(match.Groups["layer"] is { Success: true } layer ? $"model.layers.{layer}." : "")}{module}.{match.Groups["kind"]}"
            : name;

    [GeneratedRegex(@"^(blk\.(?<layer>(0|[1-9]\d*))\.)?(?<module>[a-z_]+)\.(?<kind>weight|bias)$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
