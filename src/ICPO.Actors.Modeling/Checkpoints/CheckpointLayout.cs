using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Checkpoints;

/// <summary>
/// How a family's checkpoint stores the decoder's parameters: in fused projections, and with the query and key rows of a head in
/// another order. Where only the first R of D numbers of a head are rotated, the decoder keeps the two rotated halves at 0 and D/2, so
/// that every head is rotated as a whole with angle 0 for the rest; scores do not change, since q and k are permuted alike.
/// </summary>
/// <param name="config">The model.</param>
internal sealed class CheckpointLayout(DecoderConfig config)
{
    private static readonly (string Stored, string[] Parts)[] Fusions =
    [
        ("self_attn.qkv_proj.weight", ["self_attn.q_proj.weight", "self_attn.k_proj.weight", "self_attn.v_proj.weight"]),
        ("mlp.gate_up_proj.weight", ["mlp.gate_proj.weight", "mlp.up_proj.weight"]),
    ];

    /// <summary>True if names, shapes and row order of the checkpoint are those of the decoder.</summary>
    public bool IsIdentity => !config.Family.HasFusedProjections && !IsPermuted;

    private bool IsPermuted => config.RotaryDim != config.HeadDim;

    /// <summary>The files under the decoder's names, shapes and row order.</summary>
    public IReadOnlyList<ITensorFile> Open(IReadOnlyList<ITensorFile> files) =>
        IsIdentity ? files : [.. files.Select(file => new LayoutTensors(file, this))];

    /// <summary>The parameters that a tensor of the checkpoint holds, one after another in its rows.</summary>
    public IReadOnlyList<string> Parts(string stored)
    {
        foreach ((string suffix, string[] parts) in config.Family.HasFusedProjections ? Fusions : [])
        {
            if (stored.EndsWith(suffix, StringComparison.Ordinal))
            {
                return [.. parts.Select(part => stored[..^suffix.Length] + part)];
            }
        }

        return [stored];
    }

    /// <summary>Rows of a part of a fused tensor.</summary>
    public long Rows(string part) =>
        part.Split('.')[^2] switch
        {
            "q_proj" => (long)config.NumAttentionHeads * config.HeadDim,
            "k_proj" or "v_proj" => (long)config.NumKeyValueHeads * config.HeadDim,
            _ => config.IntermediateSize,
        };

    /// <summary>Reorders the rows of a parameter from the checkpoint for the decoder.</summary>
    public Tensor FromStored(string name, Tensor stored) => Permute(name, stored, RowOrder());

    /// <summary>Reorders the rows of a parameter of the decoder for the checkpoint.</summary>
    public Tensor ToStored(string name, Tensor parameter)
    {
        long[] inverse = new long[config.HeadDim];
        foreach ((int row, long stored) in RowOrder().Index())
        {
            inverse[stored] = row;
        }

        return Permute(name, parameter, inverse);
    }

    /// <summary>A decoder's parameters as the checkpoint stores them; the content of fused tensors is empty on the meta device.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Stored(Decoder decoder)
    {
        var parameters = decoder.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        foreach ((string name, Tensor parameter) in parameters)
        {
            string stored = StoredName(name);
            IReadOnlyList<string> parts = Parts(stored);
            if (parts[0] == name)
            {
                yield return new(
                    stored,
                    parts.Count == 1 ? parameter : empty([parts.Sum(Rows), parameter.shape[1]], parameter.dtype, META)
                );
            }
        }
    }

    private string StoredName(string name)
    {
        foreach ((string stored, string[] parts) in config.Family.HasFusedProjections ? Fusions : [])
        {
            if (parts.FirstOrDefault(part => name.EndsWith(part, StringComparison.Ordinal)) is { } suffix)
            {
                return name[..^suffix.Length] + stored;
            }
        }

        return name;
    }

    private Tensor Permute(string name, Tensor value, long[] order)
    {
        bool isRotated =
            name.EndsWith(".q_proj.weight", StringComparison.Ordinal) || name.EndsWith(".k_proj.weight", StringComparison.Ordinal);
        if (!IsPermuted || !isRotated)
        {
            return value;
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor index = tensor(order, ScalarType.Int64, value.device);
        return value.view(-1, config.HeadDim, value.shape[1]).index_select(1, index).view(value.shape).MoveToOuterDisposeScope();
    }

    /// <summary>For each row of a head in the decoder, its row in the checkpoint.</summary>
    private long[] RowOrder()
    {
        (int half, int rotated) = (config.HeadDim / 2, config.RotaryDim / 2);
        return
        [
            .. Enumerable
                .Range(0, config.HeadDim)
                .Select(row =>
                {
                    (int side, int at) = Math.DivRem(row, half);
                    return (long)(at < rotated ? (side * rotated) + at : (2 * rotated) + (side * (half - rotated)) + at - rotated);
                }),
        ];
    }
}
