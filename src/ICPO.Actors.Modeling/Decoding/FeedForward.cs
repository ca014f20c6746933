using static TorchSharp.torch;

namespace ICPO.Actors.Modeling;

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

    /// <summary>[…, hidden] → […, hidden].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return down_proj.forward(nn.functional.silu(gate_proj.forward(input)).mul(up_proj.forward(input))).MoveToOuterDisposeScope();
    }
}
