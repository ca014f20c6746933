using System.Globalization;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>
/// Decoding with tensor operations only, on any device: the rows of a decode step attend in one operation over the cache up to the longest
/// of them, the rows of a prompt attend prompt by prompt. A GPU is limited by the rate at which operations are launched, so few large
/// operations are faster than many small ones.
/// </summary>
internal sealed class TensorDecodeSession : DecodeSession
{
    /// <summary>Attention copies its mask unless the length is a multiple of this.</summary>
    private const int Alignment = 8;

    private readonly List<Tensor> _owned = [];
    private readonly (Tensor Keys, Tensor Values)[] _cache; // [slots · context, KV, D]
    private readonly Tensor _rotations; // [context, 2 · D]: cosines for both halves of a head, minus the sines, the sines
    private readonly Tensor _logits; // [slots, vocabulary], float32 in main memory
    private readonly Device _device;
    private readonly ScalarType _dtype;
    private readonly int _heads,
        _keyValueHeads,
        _size;
    private readonly jit.CompilationUnit _norm;
    private InferenceWeights _weights;

    public TensorDecodeSession(DecoderConfig config, int slots, int context, Device device, ScalarType dtype)
        : base(config, slots, context)
    {
        (_device, _dtype) = (device, dtype);
        (_heads, _keyValueHeads, _size) = (config.NumAttentionHeads, config.NumKeyValueHeads, config.HeadDim);
        _weights = Allocate();

        // TorchSharp does not bind the norm that is one kernel on a GPU.
        string epsilon = config.RmsNormEps.ToString("R", CultureInfo.InvariantCulture);
        _norm = jit.compile(
            $"def norm(x: Tensor, weight: Tensor):\n    return torch.rms_norm(x, [x.size(-1)], weight, {epsilon})\n\n"
                + $"def plain(x: Tensor):\n    return torch.rms_norm(x, [x.size(-1)], None, {epsilon})\n"
        );

        // Zeroed: masked positions have weight 0, and 0 · NaN of uninitialized memory would be NaN.
        Tensor Half() => Own(AllocateCache([(long)slots * context, _keyValueHeads, _size], device, dtype).zero_());
        _cache = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(_ => (Half(), Half()))];
        using DisposeScope scope = NewDisposeScope();
        Tensor rotations = new RotaryEmbedding(config, device, ScalarType.Float32).Table(context).view_as_real();
        (Tensor cos, Tensor sin) = (rotations.select(-1, 0), rotations.select(-1, 1));
        _rotations = Own(cat([cos, cos, -sin, sin], -1));
        Tensor logits = empty([slots, config.VocabSize], ScalarType.Float32);
        _logits = Own(device.type == DeviceType.CUDA ? logits.pin_memory() : logits);
    }

    public override InferenceWeights Weights => _weights;

    public override InferenceWeights Allocate() => new(Config, _device, _dtype, vectors: _dtype);

    public override void Use(InferenceWeights weights) => _weights = weights;

    public override unsafe ReadOnlySpan<float> Forward(ReadOnlySpan<Row> rows, ReadOnlySpan<int> wanted)
    {
        using DisposeScope scope = NewDisposeScope();
        long[] numbers = new long[4 * rows.Length];
        for (int row = 0; row < rows.Length; row++)
        {
            (int token, int slot, int position) = rows[row];
            (numbers[row], numbers[rows.Length + row], numbers[(2 * rows.Length) + row], numbers[(3 * rows.Length) + row]) = (
                token,
                slot,
                position,
                ((long)slot * Context) + position
            );
        }

        Tensor[] columns = tensor(numbers, [4, rows.Length], device: _device).unbind();
        (Tensor tokens, Tensor slots, Tensor positions, Tensor places) = (columns[0], columns[1], columns[2], columns[3]);
        Tensor rotations = _rotations.index_select(0, positions).unsqueeze(1); // [R, 1, 2 · D]
        List<Segment> segments = Segments(rows, positions);
        Tensor? mask = segments.Count == rows.Length ? Visible(rows, positions) : null; // [R, 1, 1, longest]
        Tensor x = Weights.Embedding.index_select(0, tokens); // [R, hidden]
        foreach ((LayerWeights weights, (Tensor keys, Tensor values)) in Weights.Layers.Zip(_cache))
        {
            Tensor[] parts = linear(Normalise(x, weights.InputNorm), weights.Qkv, weights.QkvBias)
                .view(rows.Length, _heads + (2 * _keyValueHeads), _size)
                .split([_heads + _keyValueHeads, _keyValueHeads], 1);
            Tensor[] turned = Rotate(NormaliseHeads(parts[0], weights), rotations).split([_heads, _keyValueHeads], 1);
            keys.index_copy_(0, places, turned[1]);
            values.index_copy_(0, places, parts[1]);
            Tensor attended = mask is not null
                ? AttendTogether(turned[0], keys, values, slots, mask)
                : cat([.. segments.Select(segment => Attend(turned[0], keys, values, segment))]);
            Add(x, attended, weights.Output, weights.OutputBias);
            Tensor[] gateUp = linear(Normalise(x, weights.PostAttentionNorm), weights.GateUp, weights.GateUpBias).chunk(2, -1);
            Add(x, silu(gateUp[0]).mul_(gateUp[1]), weights.Down, weights.DownBias);
        }

        Tensor chosen = x.index_select(0, tensor(wanted.ToArray(), ScalarType.Int64, _device));
        _logits.narrow(0, 0, wanted.Length).copy_(linear(Normalise(chosen, Weights.FinalNorm), Weights.Head));
        return new ReadOnlySpan<float>(TensorMemory.Start(_logits), wanted.Length * Config.VocabSize);
    }

    public override void CopyPrefix(int from, int to, int length)
    {
        using DisposeScope scope = NewDisposeScope();
        foreach ((Tensor keys, Tensor values) in _cache)
        {
            keys.narrow(0, (long)to * Context, length).copy_(keys.narrow(0, (long)from * Context, length));
            values.narrow(0, (long)to * Context, length).copy_(values.narrow(0, (long)from * Context, length));
        }
    }

    public override void Dispose()
    {
        _owned.ForEach(tensor => tensor.Dispose());
        _norm.Dispose();
        Weights.Dispose();
    }

    /// <summary>Additive mask of each row up to the longest: 0 or −∞ [R, 1, 1, longest].</summary>
    private Tensor Visible(ReadOnlySpan<Row> rows, Tensor positions)
    {
        int longest = 0;
        foreach (Row row in rows)
        {
            longest = Math.Max(longest, row.Position + 1);
        }

        longest = Math.Min((longest + Alignment - 1) / Alignment * Alignment, Context);
        return Hidden(longest, positions).view(rows.Length, 1, 1, longest);
    }

    /// <summary>−∞ after a row's own position, 0 elsewhere: [R, length].</summary>
    private Tensor Hidden(int length, Tensor positions)
    {
        Tensor beyond = TensorOperators.Arange(length, ScalarType.Int64, _device).unsqueeze(0).gt(positions.unsqueeze(1));
        return zeros(beyond.shape, _dtype, _device).MaskFillInPlace(beyond);
    }

    /// <summary>One row per slot: all attend over [R, KV, longest, D].</summary>
    private Tensor AttendTogether(Tensor query, Tensor keys, Tensor values, Tensor slots, Tensor mask)
    {
        Tensor grouped = query.view(query.shape[0], _keyValueHeads, _heads / _keyValueHeads, _size);
        return scaled_dot_product_attention(grouped, Past(keys), Past(values), mask).reshape(query.shape[0], -1);

        Tensor Past(Tensor half) =>
            half.view(Slots, Context, _keyValueHeads, _size).narrow(1, 0, mask.shape[3]).index_select(0, slots).transpose(1, 2);
    }

    /// <summary>The rows of one slot, each over its own past.</summary>
    private Tensor Attend(Tensor query, Tensor keys, Tensor values, Segment segment)
    {
        (int start, int count, int slot, int end, Tensor? mask) = segment;
        int group = _heads / _keyValueHeads;
        Tensor grouped = query.narrow(0, start, count).view(count, _keyValueHeads, group, _size).permute(1, 2, 0, 3); // [KV, G, T, D]
        return scaled_dot_product_attention(grouped, Past(keys), Past(values), mask, is_casual: count == end)
            .permute(2, 0, 1, 3)
            .reshape(count, -1);

        Tensor Past(Tensor half) => half.narrow(0, (long)slot * Context, end).transpose(0, 1).unsqueeze(1).expand(-1, group, -1, -1);
    }

    private Tensor Normalise(Tensor x, Tensor weight) => _norm.Call("norm", x, weight);

    /// <summary>Queries and keys [R, H + KV, D], normalized head by head where the family does.</summary>
    private Tensor NormaliseHeads(Tensor heads, LayerWeights weights)
    {
        if (weights is not { QNorm: { } q, KNorm: { } k })
        {
            return heads;
        }

        Tensor plain = _norm.Call("plain", heads);
        Tensor[] parts = plain.split([_heads, _keyValueHeads], 1);
        parts[0].mul_(q);
        parts[1].mul_(k);
        return plain;
    }

    /// <summary>Rotates numbers i and i + D / 2 of each head, in float32.</summary>
    private Tensor Rotate(Tensor heads, Tensor rotations)
    {
        int half = _size / 2;
        Tensor turned = heads.mul(rotations.narrow(-1, 0, _size));
        turned.narrow(-1, 0, half).AddcmulInPlace(heads.narrow(-1, half, half), rotations.narrow(-1, _size, half));
        turned.narrow(-1, half, half).AddcmulInPlace(heads.narrow(-1, 0, half), rotations.narrow(-1, _size + half, half));
        return turned.to(_dtype);
    }

    /// <summary>Adds a projection to the residual stream in place.</summary>
    private static void Add(Tensor x, Tensor input, Tensor weight, Tensor? bias)
    {
        x.addmm_(input, weight.t(), 1, 1);
        if (bias is not null)
        {
            x.AddInPlace(bias);
        }
    }

    private List<Segment> Segments(ReadOnlySpan<Row> rows, Tensor positions)
    {
        List<Segment> segments = [];
        for (int start = 0, row = 0; row < rows.Length; row++)
        {
            if (row + 1 == rows.Length || rows[row + 1].Slot != rows[row].Slot)
            {
                int count = row + 1 - start,
                    end = rows[row].Position + 1;
                bool seesAll = count == 1,
                    isCausal = count == end;
                segments.Add(
                    new Segment(
                        start,
                        count,
                        rows[row].Slot,
                        end,
                        seesAll || isCausal ? null : Hidden(end, positions.narrow(0, start, count))
                    )
                );
                start = row + 1;
            }
        }

        return segments;
    }

    private Tensor Own(Tensor tensor)
    {
        _owned.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }

    /// <summary>Rows <paramref name="Start"/> … of one slot, whose last position is <paramref name="End"/> − 1.</summary>
    /// <param name="Mask">[Count, End]; null for a single row, which attends to everything, and for causal rows from position 0.</param>
    private readonly record struct Segment(int Start, int Count, int Slot, int End, Tensor? Mask);
}
