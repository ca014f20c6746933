using ICPO.Actors.Modeling.Torch;

namespace ICPO.Actors.Modeling.Transformer;

/// <summary>
/// bfloat16 products over float32 weights (Micikevicius et al. 2018): projections, output layer and attention multiply in bfloat16,
/// forward and backward; weights, their gradients, norms, residual stream, rotations, softmax and log-probabilities stay float32.
/// </summary>
internal sealed class MixedPrecision : IDisposable
{
    private readonly Decoder _decoder;
    private readonly List<WorkingWeight> _weights = [];

    public MixedPrecision(Decoder decoder)
    {
        _decoder = decoder;
        int half = decoder.Config.HeadDim / 2;
        foreach (DecoderLayer layer in decoder.model.layers)
        {
            (Attention? attention, FeedForward? forward) = (layer.self_attn, layer.mlp);
            attention.Working = Keep(
                new(new(attention.q_proj.weight, half), new(attention.k_proj.weight, half), new(attention.v_proj.weight))
            );
            attention.o_proj.Working = Keep(new(new WorkingWeight.Part(attention.o_proj.weight)));
            forward.Working = Keep(new(new(forward.gate_proj.weight), new(forward.up_proj.weight)));
            forward.down_proj.Working = Keep(new(new WorkingWeight.Part(forward.down_proj.weight)));
        }

        Head = Keep(new(new WorkingWeight.Part(decoder.OutputWeight)));
        if (decoder.lm_head is { } head)
        {
            head.Working = Head;
        }

        Refresh();
    }

    /// <summary>The output layer.</summary>
    public WorkingWeight Head { get; }

    /// <summary>Casts all weights again; call after they changed.</summary>
    public void Refresh() => _weights.ForEach(weight => weight.Refresh());

    public void Dispose()
    {
        foreach (DecoderLayer layer in _decoder.model.layers)
        {
            (layer.self_attn.Working, layer.self_attn.o_proj.Working, layer.mlp.Working, layer.mlp.down_proj.Working) = (
                null,
                null,
                null,
                null
            );
        }

        _weights.ForEach(weight => weight.Dispose());
    }

    private WorkingWeight Keep(WorkingWeight weight)
    {
        _weights.Add(weight);
        return weight;
    }
}
