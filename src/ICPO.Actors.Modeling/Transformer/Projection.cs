using ICPO.Actors.Modeling.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Transformer;

/// <summary>y = x·Wᵀ (+ b), and what an adapter adds.</summary>
internal sealed class Projection : nn.Module<Tensor, Tensor>
{
    internal readonly Parameter weight; // [out, in]
    internal readonly Parameter? bias; // [out]

    public Projection(long inputs, long outputs, bool hasBias, Device device, ScalarType dtype)
        : base(nameof(Projection))
    {
        weight = nn.Parameter(zeros(outputs, inputs, dtype, device));
        bias = hasBias ? nn.Parameter(zeros(outputs, dtype, device)) : null;
        RegisterComponents();
    }

    /// <summary>Owned by its <see cref="IDecoderAdapter"/>; null if the layer has none.</summary>
    public IProjectionAdapter? Adapter { get; set; }

    /// <summary>Owned by <see cref="MixedPrecision"/>; null if products are of the parameters' own dtype.</summary>
    public WorkingWeight? Working { get; set; }

    /// <summary>[…, in] → […, out].</summary>
    public override Tensor forward(Tensor input)
    {
        Tensor plain = Working is null ? nn.functional.linear(input, weight, bias) : Mixed(input, Working, bias);
        if (Adapter is not { } adapter)
        {
            return plain;
        }

        using (plain)
        using (Tensor delta = adapter.Delta(input))
        {
            return plain.Add(delta);
        }
    }

    /// <summary>[N, in] → bfloat16 [N, out].</summary>
    public static Tensor Mixed(Tensor input, WorkingWeight weight, Tensor? bias)
    {
        Tensor plain = MixedLinear.Apply(input, weight);
        if (bias is null)
        {
            return plain;
        }

        using (plain)
        using (Tensor half = bias.to(plain.dtype))
        {
            return plain.Add(half);
        }
    }
}
