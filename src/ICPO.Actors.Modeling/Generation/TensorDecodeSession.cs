using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace ICPO.Actors.Modeling;

/// <summary>
/// Decoding by tensor operations alone, on any device: rows of a decode step attend together over the cache up to the longest of them,
/// rows of a prompt attend prompt by prompt.
/// </summary>
internal sealed class TensorDecodeSession : DecodeSession
{
    private readonly List<Tensor> _owned = [];
    private readonly (Tensor Keys, Tensor Values)[] _cache; // [slots, KV, context, D]
    private readonly Tensor _cos, _sin; // [context, D / 2]
    private readonly Device _device;
    private readonly ScalarType _dtype;
    private readonly int _heads, _keyValueHeads, _size;
    private float[] _logits = [];

    public TensorDecodeSession(DecoderConfig config, int slots, int context, Device device, ScalarType dtype)
        : base(config, slots, context)
    {
        (_device, _dtype) = (device, dtype);
        (_heads, _keyValueHeads, _size) = (config.NumAttentionHeads, config.NumKeyValueHeads, config.HeadDim);
        Weights = new InferenceWeights(config, device, dtype);

        // Zeros: masked positions get the weight 0, which would keep a NaN of fresh memory.
        Tensor Half() => Own(AllocateCache([slots, _keyValueHeads, context, _size], device, dtype).zero_());
        _cache = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(_ => (Half(), Half()))];
        using DisposeScope scope = NewDisposeScope();
        Tensor rotations = new RotaryEmbedding(config, device, ScalarType.Float32).Table(context).view_as_real();
        (_cos, _sin) = (Own(rotations.select(-1, 0).contiguous()), Own(rotations.select(-1, 1).contiguous()));
    }

    public override InferenceWeights Weights { get; }

    public override ReadOnlySpan<float> Forward(ReadOnlySpan<Row> rows, ReadOnlySpan<int> wanted)
    {
        using DisposeScope scope = NewDisposeScope();
        long[] tokens = new long[rows.Length], slots = new long[rows.Length], positions = new long[rows.Length];
        for (int row = 0; row < rows.Length; row++)
        {
            (tokens[row], slots[row], positions[row]) = (rows[row].Token, rows[row].Slot, rows[row].Position);
        }

        Tensor slot = tensor(slots, device: _device), position = tensor(positions, device: _device);
        Tensor cos = _cos.index_select(0, position).unsqueeze(1), sin = _sin.index_select(0, position).unsqueeze(1); // [R, 1, D / 2]
        List<Segment> segments = Segments(rows);
        Tensor x = Weights.Embedding.index_select(0, tensor(tokens, device: _device)); // [R, hidden]
        foreach ((LayerWeights weights, (Tensor keys, Tensor values)) in Weights.Layers.Zip(_cache))
        {
            Tensor[] parts = linear(Normalise(x, weights.InputNorm), weights.Qkv, weights.QkvBias?.to(_dtype))
                .view(rows.Length, _heads + 2 * _keyValueHeads, _size).split([_heads, _keyValueHeads, _keyValueHeads], 1);
            Tensor query = Rotate(Normalise(parts[0], weights.QNorm), cos, sin); // [R, H, D]
            keys.index_put_(Rotate(Normalise(parts[1], weights.KNorm), cos, sin), TensorIndex.Tensor(slot), TensorIndex.Colon, TensorIndex.Tensor(position));
            values.index_put_(parts[2], TensorIndex.Tensor(slot), TensorIndex.Colon, TensorIndex.Tensor(position));
            Tensor attended = segments.Count == rows.Length
                ? AttendTogether(query, keys, values, slot, position, rows)
                : cat([.. segments.Select(segment => Attend(query, keys, values, position, segment))]);
            x = x.Plus(linear(attended, weights.Output, weights.OutputBias?.to(_dtype)));
            Tensor[] gateUp = linear(Normalise(x, weights.PostAttentionNorm), weights.GateUp, weights.GateUpBias?.to(_dtype)).chunk(2, -1);
            x = x.Plus(linear(silu(gateUp[0]) * gateUp[1], weights.Down, weights.DownBias?.to(_dtype)));
        }

        Tensor chosen = x.index_select(0, tensor(wanted.ToArray(), ScalarType.Int64, _device));
        Tensor logits = linear(Normalise(chosen, Weights.FinalNorm), Weights.Head).to(ScalarType.Float32, CPU).flatten();
        _logits = _logits.Length >= logits.numel() ? _logits : new float[logits.numel()];
        logits.data<float>().CopyTo(_logits);
        return _logits.AsSpan(0, (int)logits.numel());
    }

    public override void CopyPrefix(int from, int to, int length)
    {
        using DisposeScope scope = NewDisposeScope();
        foreach ((Tensor keys, Tensor values) in _cache)
        {
            keys.select(0, to).narrow(1, 0, length).copy_(keys.select(0, from).narrow(1, 0, length));
            values.select(0, to).narrow(1, 0, length).copy_(values.select(0, from).narrow(1, 0, length));
        }
    }

    public override void Dispose()
    {
        _owned.ForEach(tensor => tensor.Dispose());
        Weights.Dispose();
    }

    /// <summary>One row per slot: all attend over [R, KV, longest, D].</summary>
    private Tensor AttendTogether(Tensor query, Tensor keys, Tensor values, Tensor slot, Tensor position, ReadOnlySpan<Row> rows)
    {
        int longest = 0;
        foreach (Row row in rows)
        {
            longest = Math.Max(longest, row.Position + 1);
        }

        Tensor visible = Arithmetic.Range(longest, ScalarType.Int64, _device).unsqueeze(0).le(position.unsqueeze(1)).view(rows.Length, 1, 1, longest);
        Tensor grouped = query.view(rows.Length, _keyValueHeads, _heads / _keyValueHeads, _size);
        return scaled_dot_product_attention(
            grouped, keys.narrow(2, 0, longest).index_select(0, slot), values.narrow(2, 0, longest).index_select(0, slot), visible).reshape(rows.Length, -1);
    }

    /// <summary>The rows of one slot, each over its own past.</summary>
    private Tensor Attend(Tensor query, Tensor keys, Tensor values, Tensor position, Segment segment)
    {
        (int start, int count, int slot, int end) = segment;
        int group = _heads / _keyValueHeads;
        Tensor visible = Arithmetic.Range(end, ScalarType.Int64, _device).unsqueeze(0).le(position.narrow(0, start, count).unsqueeze(1)); // [T, end]
        Tensor grouped = query.narrow(0, start, count).view(count, _keyValueHeads, group, _size).permute(1, 2, 0, 3); // [KV, G, T, D]
        Tensor past = keys.select(0, slot).narrow(1, 0, end).unsqueeze(1).expand(-1, group, -1, -1);
        Tensor content = values.select(0, slot).narrow(1, 0, end).unsqueeze(1).expand(-1, group, -1, -1);
        return scaled_dot_product_attention(grouped, past, content, visible).permute(2, 0, 1, 3).reshape(count, -1);
    }

    private Tensor Normalise(Tensor x, Tensor? weight) => weight is null ? x : RmsNorm.Normalize(x, weight.to(x.dtype), Config.RmsNormEps);

    /// <summary>Turns number i of each head with number i + D / 2.</summary>
    private Tensor Rotate(Tensor x, Tensor cos, Tensor sin)
    {
        Tensor[] halves = x.to(ScalarType.Float32).chunk(2, -1);
        return cat([halves[0] * cos - halves[1] * sin, (halves[1] * cos).Plus(halves[0] * sin)], -1).to(_dtype);
    }

    private static List<Segment> Segments(ReadOnlySpan<Row> rows)
    {
        List<Segment> segments = [];
        for (int start = 0, row = 0; row < rows.Length; row++)
        {
            if (row + 1 == rows.Length || rows[row + 1].Slot != rows[row].Slot)
            {
                segments.Add(new Segment(start, row + 1 - start, rows[row].Slot, rows[row].Position + 1));
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
    private readonly record struct Segment(int Start, int Count, int Slot, int End);
}
