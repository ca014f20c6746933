using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Transformer;

/// <summary>y = x / √(mean(x²) + ε) · w over the last dimension.</summary>
internal sealed class RmsNorm : nn.Module<Tensor, Tensor>
{
    internal readonly Parameter weight; // [width]
    private readonly double epsilon;

    public RmsNorm(long width, double epsilon, Device device, ScalarType dtype)
        : base(nameof(RmsNorm))
    {
        this.epsilon = epsilon;
        weight = nn.Parameter(ones(width, dtype, device));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => Normalize(input, weight, epsilon);

    /// <summary>
    /// […, width] → […, width]; <paramref name="weight"/> broadcasts. Half precisions are normalised in float32, as Hugging Face does.
    /// </summary>
    public static Tensor Normalize(Tensor input, Tensor weight, double epsilon)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = input.dtype is ScalarType.BFloat16 or ScalarType.Float16 ? input.to(ScalarType.Float32) : input;

        // ‖x‖₂ is one pass over x without a tensor of squares; mean(x²) = ‖x‖² / width.
        Tensor norm = x.norm(-1, keepdim: true);
        Tensor scale = norm.mul(norm).Div(x.shape[^1]).Add(epsilon).rsqrt();
        return x.mul(scale).to(input.dtype).mul(weight.dtype == input.dtype ? weight : weight.to(input.dtype)).MoveToOuterDisposeScope();
    }
}
