using System.Runtime.CompilerServices;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>
/// Decoding on the CPU: matrix products by libtorch into preallocated memory, and hand-written row kernels between them, which read each
/// slot's cache up to its own length. Everything but the products is float32; in bfloat16 the products read and write bfloat16.
/// </summary>
internal sealed unsafe class CpuDecodeSession : DecodeSession
{
    /// <summary>Rows that are computed at once; a longer prompt is computed in pieces.</summary>
    private const int Chunk = 256;

    private readonly List<Tensor> _owned = [];
    private readonly ScalarType _dtype;
    private readonly int _rows,
        _heads,
        _keyValueHeads,
        _size,
        _qkvSize;
    private CpuWeights _weights;
    private readonly float* _cache,
        _cos,
        _sin,
        _scores;
    private readonly CpuBuffer _x,
        _normed,
        _qkv,
        _attended,
        _gateUp,
        _activated,
        _last,
        _logits;

    public CpuDecodeSession(DecoderConfig config, int slots, int context, ScalarType dtype)
        : base(config, slots, context)
    {
        _dtype = dtype;
        _rows = Math.Max(slots, Chunk);
        (_heads, _keyValueHeads, _size) = (config.NumAttentionHeads, config.NumKeyValueHeads, config.HeadDim);
        _qkvSize = (_heads + 2 * _keyValueHeads) * _size;
        _weights = new CpuWeights(Allocate());
        _cache = CpuBuffer.Pointer(
            Own(AllocateCache([config.NumHiddenLayers, 2, slots, _keyValueHeads, context, _size], CPU, ScalarType.Float32))
        );
        _scores = CpuBuffer.Pointer(Own(empty(context)));
        using (DisposeScope scope = NewDisposeScope())
        {
            Tensor rotations = new RotaryEmbedding(config, CPU, ScalarType.Float32).Table(context).view_as_real();
            _cos = CpuBuffer.Pointer(Own(rotations.select(-1, 0).contiguous()));
            _sin = CpuBuffer.Pointer(Own(rotations.select(-1, 1).contiguous()));
        }

        (_x, _normed, _qkv) = (Allocate(_rows, config.HiddenSize), Allocate(_rows, config.HiddenSize), Allocate(_rows, _qkvSize));
        (_attended, _gateUp, _activated) = (
            Allocate(_rows, _heads * _size),
            Allocate(_rows, 2 * config.IntermediateSize),
            Allocate(_rows, config.IntermediateSize)
        );
        (_last, _logits) = (Allocate(slots, config.HiddenSize), Allocate(slots, config.VocabSize));
    }

    public override InferenceWeights Weights => _weights.Source;

    public override InferenceWeights Allocate() => new(Config, CPU, _dtype);

    public override void Use(InferenceWeights weights)
    {
        _weights.Dispose();
        _weights = new CpuWeights(weights);
    }

    public override ReadOnlySpan<float> Forward(ReadOnlySpan<Row> rows, ReadOnlySpan<int> wanted)
    {
        int found = 0;
        for (int start = 0; start < rows.Length; start += _rows)
        {
            ReadOnlySpan<Row> chunk = rows.Slice(start, Math.Min(_rows, rows.Length - start));
            Run(chunk);
            for (; found < wanted.Length && wanted[found] < start + chunk.Length; found++)
            {
                CpuKernels.RmsNorm(
                    _x[wanted[found] - start],
                    _weights.FinalNorm,
                    _last[found],
                    Config.HiddenSize,
                    (float)Config.RmsNormEps
                );
            }
        }

        using DisposeScope scope = NewDisposeScope();
        Multiply(_last, _weights.Head, _logits, found, accumulate: false);
        return new ReadOnlySpan<float>(_logits[0], found * _logits.Width);
    }

    public override void CopyPrefix(int from, int to, int length)
    {
        for (int layer = 0; layer < Config.NumHiddenLayers; layer++)
        {
            for (int half = 0; half < 2; half++)
            {
                for (int head = 0; head < _keyValueHeads; head++)
                {
                    new ReadOnlySpan<float>(Cache(layer, half, from, head), length * _size).CopyTo(
                        new Span<float>(Cache(layer, half, to, head), length * _size)
                    );
                }
            }
        }
    }

    public override void Dispose()
    {
        InferenceWeights weights = Weights;
        _owned.ForEach(tensor => tensor.Dispose());
        _weights.Dispose();
        weights.Dispose();
    }

    private void Run(ReadOnlySpan<Row> rows)
    {
        using DisposeScope scope = NewDisposeScope();
        Embed(rows);
        for (int layer = 0; layer < _weights.Layers.Length; layer++)
        {
            CpuLayer weights = _weights.Layers[layer];
            Normalize(weights.InputNorm, rows.Length);
            Multiply(_normed, weights.Qkv, _qkv, rows.Length, accumulate: false);
            Add(weights.QkvBias, _qkv, rows.Length);
            Store(rows, layer, weights);
            Attend(rows, layer);
            Multiply(_attended, weights.Output, _x, rows.Length, accumulate: true);
            Add(weights.OutputBias, _x, rows.Length);
            Normalize(weights.PostAttentionNorm, rows.Length);
            Multiply(_normed, weights.GateUp, _gateUp, rows.Length, accumulate: false);
            Add(weights.GateUpBias, _gateUp, rows.Length);
            for (int row = 0; row < rows.Length; row++)
            {
                CpuKernels.SwiGlu(_gateUp[row], _gateUp[row] + Config.IntermediateSize, _activated[row], Config.IntermediateSize);
            }

            Multiply(_activated, weights.Down, _x, rows.Length, accumulate: true);
            Add(weights.DownBias, _x, rows.Length);
        }
    }

    private void Embed(ReadOnlySpan<Row> rows)
    {
        int width = Config.HiddenSize;
        for (int row = 0; row < rows.Length; row++)
        {
            nint start = (nint)rows[row].Token * width;
            float* to = _x[row];
            if (_dtype == ScalarType.Float32)
            {
                new ReadOnlySpan<float>((float*)_weights.Embedding + start, width).CopyTo(new Span<float>(to, width));
                continue;
            }

            // A bfloat16 number is the upper half of a float32.
            ushort* from = (ushort*)_weights.Embedding + start;
            for (int at = 0; at < width; at++)
            {
                to[at] = BitConverter.UInt32BitsToSingle((uint)from[at] << 16);
            }
        }
    }

    private void Normalize(float* weight, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            CpuKernels.RmsNorm(_x[row], weight, _normed[row], Config.HiddenSize, (float)Config.RmsNormEps);
        }
    }

    private static void Add(float* bias, CpuBuffer to, int rows)
    {
        for (int row = 0; bias != null && row < rows; row++)
        {
            CpuKernels.Add(bias, to[row], to.Width);
        }
    }

    /// <summary>Normalizes queries and keys where the family does, rotates them, and stores keys and values in the cache.</summary>
    private void Store(ReadOnlySpan<Row> rows, int layer, CpuLayer weights)
    {
        for (int row = 0; row < rows.Length; row++)
        {
            (_, int slot, int position) = rows[row];
            float* head = _qkv[row];
            for (int at = 0; at < _heads + _keyValueHeads; at++, head += _size)
            {
                if (weights.QNorm != null)
                {
                    CpuKernels.RmsNorm(head, at < _heads ? weights.QNorm : weights.KNorm, head, _size, (float)Config.RmsNormEps);
                }

                CpuKernels.Rotate(head, _cos + (nint)position * (_size / 2), _sin + (nint)position * (_size / 2), _size);
            }

            float* keys = _qkv[row] + _heads * _size;
            for (int at = 0; at < 2 * _keyValueHeads; at++, keys += _size)
            {
                float* place = Cache(layer, at / _keyValueHeads, slot, at % _keyValueHeads) + (nint)position * _size;
                new ReadOnlySpan<float>(keys, _size).CopyTo(new Span<float>(place, _size));
            }
        }
    }

    private void Attend(ReadOnlySpan<Row> rows, int layer)
    {
        int group = _heads / _keyValueHeads;
        float scale = 1 / MathF.Sqrt(_size);
        for (int row = 0; row < rows.Length; row++)
        {
            for (int head = 0; head < _heads; head++)
            {
                CpuKernels.Attend(
                    _qkv[row] + head * _size,
                    Cache(layer, 0, rows[row].Slot, head / group),
                    Cache(layer, 1, rows[row].Slot, head / group),
                    _scores,
                    _attended[row] + head * _size,
                    new(rows[row].Position + 1, _size, scale)
                );
            }
        }
    }

    /// <summary>to = from · weight, or to += from · weight, for the first rows of both.</summary>
    private void Multiply(CpuBuffer from, Tensor weight, CpuBuffer to, int rows, bool accumulate)
    {
        if (_dtype == ScalarType.Float32)
        {
            to.Tensor.narrow(0, 0, rows).addmm_(from.Tensor.narrow(0, 0, rows), weight, accumulate ? 1 : 0, 1);
            return;
        }

        using Tensor input = from.Tensor.narrow(0, 0, rows).to(_dtype),
            product = input.mm(weight),
            place = to.Tensor.narrow(0, 0, rows);
        if (accumulate)
        {
            place.AddInPlace(product);
        }
        else
        {
            place.copy_(product);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float* Cache(int layer, int half, int slot, int head) =>
        _cache + ((((nint)layer * 2 + half) * Slots + slot) * _keyValueHeads + head) * Context * _size;

    private CpuBuffer Allocate(int rows, int width)
    {
        Tensor tensor = Own(empty(rows, width));
        return new CpuBuffer(tensor, CpuBuffer.Pointer(tensor), width);
    }

    private Tensor Own(Tensor tensor)
    {
        _owned.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }
}
