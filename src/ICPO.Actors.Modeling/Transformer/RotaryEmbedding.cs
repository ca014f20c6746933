using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Transformer;

/// <summary>
/// Rotary position embedding (Su et al. 2021) as complex rotations e^{i·t·f}, f_j = θ^(−2j/R) / d_j for the R rotated
/// numbers of a head and 0 for the others; the divisors d_j are those of the model's <see cref="RopeScaling"/>. Angles are float64 for
/// float64 and otherwise float32, as Hugging Face computes them.
/// </summary>
internal sealed class RotaryEmbedding(DecoderConfig config, Device device, ScalarType dtype)
{
    private readonly ScalarType real = dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    /// <summary>Rotations of positions 0 … <paramref name="length"/> − 1: complex [length, head_dim / 2].</summary>
    public Tensor Table(long length)
    {
        using Tensor positions = TensorOperators.Arange(length, ScalarType.Int64, device);
        return At(positions);
    }

    /// <summary>Rotations of <paramref name="positions"/> (int64 […]): complex […, head_dim / 2].</summary>
    public Tensor At(Tensor positions)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor exponents = TensorOperators.Arange(config.RotaryDim, real, device, step: 2).Div(config.RotaryDim);
        Tensor frequencies = tensor(config.RopeTheta, real, device).pow(exponents).reciprocal();
        if (config.RopeScaling is { } scaling)
        {
            frequencies = frequencies.div(tensor(scaling.Divisors(config.RotaryDim, config.RopeTheta), real, device));
        }

        if (config.RotaryDim < config.HeadDim)
        {
            frequencies = cat([frequencies, zeros([(config.HeadDim - config.RotaryDim) / 2], real, device)]);
        }

        Tensor angles = positions.to(real).unsqueeze(-1).mul(frequencies);
        return polar(ones_like(angles), angles).MoveToOuterDisposeScope();
    }
}
