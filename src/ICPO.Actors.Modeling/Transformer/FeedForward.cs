using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Transformer;

/// <summary>SwiGLU (Shazeer 2020): down(silu(gate(x)) · up(x)).</summary>
internal sealed class FeedForward : nn.Module<Tensor, Tensor>
{
    internal readonly Projection gate_proj;
    internal readonly Projection up_proj;
    internal readonly Projection down_proj;

    public FeedForward(DecoderConfig config, Device device, ScalarType dtype)
        : base(nameof(FeedForward))
    {
        gate_proj = new(config.HiddenSize, config.IntermediateSize, config.MlpBias, device, dtype);
        up_proj = new(config.HiddenSize, config.IntermediateSize, config.MlpBias, device, dtype);
        down_proj = new(config.IntermediateSize, config.HiddenSize, config.MlpBias, device, dtype);
        RegisterComponents();
    }

    /// <summary>gate_proj over up_proj; see <see cref="Projection.Working"/>.</summary>
    public WorkingWeight? Working { get; set; }

    /// <summary>[…, hidden] → […, hidden].</summary>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        if (Working is not null)
        {
            return Mixed(input.to(ScalarType.BFloat16), Working).MoveToOuterDisposeScope();
        }

        return down_proj.forward(nn.functional.silu(gate_proj.forward(input)).mul(up_proj.forward(input))).MoveToOuterDisposeScope();
    }

    private Tensor Mixed(Tensor input, WorkingWeight working)
    {
        Tensor? bias = gate_proj.bias is null ? null : cat([gate_proj.bias, up_proj.bias!]);
        Tensor[] parts = Projection.Mixed(input, working, bias).split(gate_proj.weight.shape[0], dim: -1);
        Tensor gate = gate_proj.Adapter is { } first ? parts[0].Add(first.Delta(input)) : parts[0];
        Tensor up = up_proj.Adapter is { } second ? parts[1].Add(second.Delta(input)) : parts[1];
        return down_proj.forward(nn.functional.silu(gate).mul(up));
    }
}
