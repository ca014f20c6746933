using ICPO.Actors.Modeling.Checkpoints;
using ICPO.Actors.Modeling.Transformer;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>
/// The decoder's weights in the layout of inference, allocated once: new weights are copied into place, so pointers to them stay valid. All
/// names and shapes are checked before the first copy.
/// </summary>
internal sealed class InferenceWeights : IDisposable
{
    private readonly List<Tensor> _owned = [];
    private readonly SortedDictionary<string, Tensor> _places = new(StringComparer.Ordinal);
    private readonly DecoderConfig _config;

    /// <param name="config">The model.</param>
    /// <param name="device">Where they are stored.</param>
    /// <param name="dtype">The dtype of the matrices.</param>
    /// <param name="vectors">Of norm weights and biases.</param>
    public InferenceWeights(DecoderConfig config, Device device, ScalarType dtype, ScalarType vectors = ScalarType.Float32)
    {
        _config = config;
        (int hidden, int heads, int keyValueHeads) = (
            config.HiddenSize,
            config.NumAttentionHeads * config.HeadDim,
            config.NumKeyValueHeads * config.HeadDim
        );
        Tensor Place(ScalarType type, params long[] shape) => Keep(empty(shape, type, device));

        Embedding = Named("model.embed_tokens.weight", Place(dtype, config.VocabSize, hidden));
        for (int layer = 0; layer < config.NumHiddenLayers; layer++)
        {
            string prefix = $"model.layers.{layer}.";
            Tensor qkv = Place(dtype, heads + 2 * keyValueHeads, hidden);
            Tensor? qkvBias = config.HasQkvBias ? Place(vectors, heads + 2 * keyValueHeads) : null;
            (string, long)[] attention =
            [
                ("self_attn.q_proj", heads),
                ("self_attn.k_proj", keyValueHeads),
                ("self_attn.v_proj", keyValueHeads),
            ];
            Fused(prefix, "weight", qkv, attention);
            Fused(prefix, "bias", qkvBias, attention);
            Tensor gateUp = Place(dtype, 2 * config.IntermediateSize, hidden);
            Tensor? gateUpBias = config.MlpBias ? Place(vectors, 2 * config.IntermediateSize) : null;
            (string, long)[] feedForward = [("mlp.gate_proj", config.IntermediateSize), ("mlp.up_proj", config.IntermediateSize)];
            Fused(prefix, "weight", gateUp, feedForward);
            Fused(prefix, "bias", gateUpBias, feedForward);
            Layers.Add(
                new LayerWeights
                {
                    InputNorm = Named(prefix + "input_layernorm.weight", Place(vectors, hidden)),
                    Qkv = qkv,
                    QkvBias = qkvBias,
                    QNorm = config.HasQueryKeyNorm ? Named(prefix + "self_attn.q_norm.weight", Place(vectors, config.HeadDim)) : null,
                    KNorm = config.HasQueryKeyNorm ? Named(prefix + "self_attn.k_norm.weight", Place(vectors, config.HeadDim)) : null,
                    Output = Named(prefix + "self_attn.o_proj.weight", Place(dtype, hidden, heads)),
                    OutputBias = config.HasOutputBias ? Named(prefix + "self_attn.o_proj.bias", Place(vectors, hidden)) : null,
                    PostAttentionNorm = Named(prefix + "post_attention_layernorm.weight", Place(vectors, hidden)),
                    GateUp = gateUp,
                    GateUpBias = gateUpBias,
                    Down = Named(prefix + "mlp.down_proj.weight", Place(dtype, hidden, config.IntermediateSize)),
                    DownBias = config.MlpBias ? Named(prefix + "mlp.down_proj.bias", Place(vectors, hidden)) : null,
                }
            );
        }

        FinalNorm = Named("model.norm.weight", Place(vectors, hidden));
        Head = config.TieWordEmbeddings ? Embedding : Named("lm_head.weight", Place(dtype, config.VocabSize, hidden));
    }

    /// <summary>[vocabulary, hidden].</summary>
    public Tensor Embedding { get; }

    public List<LayerWeights> Layers { get; } = [];

    public Tensor FinalNorm { get; }

    /// <summary>[vocabulary, hidden]; the embedding itself where the two are tied.</summary>
    public Tensor Head { get; }

    /// <summary>The tensor of each parameter, by its Hugging Face name.</summary>
    public IReadOnlyDictionary<string, Tensor> Places => _places;

    /// <summary>Copies weights by their Hugging Face names into place.</summary>
    /// <param name="source">Names them in errors.</param>
    /// <exception cref="InvalidDataException">A name is missing or unknown, or a shape differs; nothing was copied.</exception>
    public void Load(IReadOnlyDictionary<string, Tensor> weights, string source) =>
        Load(weights.ToDictionary(pair => pair.Key, pair => pair.Value.shape), (name, place) => place.copy_(weights[name]), source, null);

    /// <summary>Copies the weights of files into place.</summary>
    /// <param name="files">Together they hold every parameter once.</param>
    /// <param name="only">Copies these alone; null copies all.</param>
    /// <param name="copying">Called before every copy.</param>
    /// <exception cref="InvalidDataException">A name is missing or unknown, or a shape differs; nothing was copied.</exception>
    public void Load(IReadOnlyList<ITensorFile> files, IReadOnlySet<string>? only = null, Action? copying = null)
    {
        Dictionary<string, (ITensorFile File, long[] Shape)> found = [];
        IReadOnlyList<ITensorFile> opened = new CheckpointLayout(_config).Open(files);
        foreach ((ITensorFile file, (string name, long[] shape)) in opened.SelectMany(f => f.Shapes.Select(t => (f, t))))
        {
            if (!DecoderWeights.IsIgnored(_config, name) && !found.TryAdd(name, (file, shape)))
            {
                throw new InvalidDataException($"{file.Path}: tensor {name} is in {found[name].File.Path} too.");
            }
        }

        Load(
            found.ToDictionary(pair => pair.Key, pair => pair.Value.Shape),
            (name, place) =>
            {
                copying?.Invoke();
                found[name].File.CopyTo(name, place);
            },
            string.Join(", ", files.Select(f => f.Path)),
            only
        );
    }

    private void Load(Dictionary<string, long[]> shapes, Action<string, Tensor> copy, string source, IReadOnlySet<string>? only)
    {
        foreach ((string name, Tensor place) in _places)
        {
            if (!shapes.TryGetValue(name, out long[]? shape))
            {
                throw new InvalidDataException($"{source}: {name} is missing; publish every parameter of the engine's model.");
            }

            if (!shape.AsSpan().SequenceEqual(place.shape))
            {
                throw new InvalidDataException(
                    $"{source}: {name} has the shape [{string.Join(", ", shape)}] where the engine's model has "
                        + $"[{string.Join(", ", place.shape)}]; publish weights of the same model."
                );
            }
        }

        if (shapes.Keys.FirstOrDefault(name => !_places.ContainsKey(name) && !DecoderWeights.IsIgnored(_config, name)) is { } unknown)
        {
            throw new InvalidDataException(
                $"{source}: {unknown} is not a parameter of the engine's model; publish weights of the same model."
            );
        }

        using IDisposable gradients = no_grad();
        foreach ((string name, Tensor place) in _places.Where(pair => only?.Contains(pair.Key) ?? true))
        {
            copy(name, place);
        }
    }

    public void Dispose() => _owned.ForEach(tensor => tensor.Dispose());

    /// <summary>Names the parts of a fused tensor, which are stored one after another in its rows.</summary>
    private void Fused(string prefix, string kind, Tensor? fused, (string Name, long Rows)[] parts)
    {
        long start = 0;
        foreach ((string name, long rows) in fused is null ? [] : parts)
        {
            Named($"{prefix}{name}.{kind}", Keep(fused!.narrow(0, start, rows)));
            start += rows;
        }
    }

    private Tensor Named(string name, Tensor place)
    {
        _places.Add(name, place);
        return place;
    }

    private Tensor Keep(Tensor tensor)
    {
        _owned.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }
}
