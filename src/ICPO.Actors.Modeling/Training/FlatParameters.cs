using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Training;

/// <summary>
/// All parameters of a module as views of one flat tensor, and their gradients as views of another, so that norm, clipping and optimizer
/// are a few operations regardless of the number of parameters. Each parameter begins at a multiple of 64 bytes; the padding between them
/// is and stays 0.
/// </summary>
public sealed class FlatParameters : IDisposable
{
    private const int Alignment = 16;

    private readonly double _firstNorm;
    private readonly List<(string Name, Parameter Parameter, long Offset, long[] Shape)> _parts = [];

    /// <summary>Moves the module's parameters into the flat tensor; their values stay.</summary>
    public FlatParameters(nn.Module module)
        : this(module.named_parameters()) { }

    /// <summary>Moves the parameters into the flat tensor; their values stay.</summary>
    public FlatParameters(IEnumerable<(string Name, Parameter Parameter)> parameters)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        long length = 0;
        foreach ((string name, Parameter parameter) in parameters.OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            _parts.Add((name, parameter, length, parameter.shape));
            length += (parameter.numel() + Alignment - 1) / Alignment * Alignment;
        }

        Parameter first = _parts[0].Parameter;
        Values = zeros(length, first.dtype, first.device).DetachFromDisposeScope();
        Gradients = zeros_like(Values).DetachFromDisposeScope();
        foreach ((string name, Parameter parameter) in Named)
        {
            Tensor view = View(Values, name);
            view.copy_(parameter);
            parameter.set_(view);
            parameter.grad = View(Gradients, name);
        }

        _firstNorm = Norm(Values);
    }

    /// <summary>[P], all parameters.</summary>
    public Tensor Values { get; }

    /// <summary>[P], all gradients; a backward pass adds to it.</summary>
    public Tensor Gradients { get; }

    /// <summary>Parameters by checkpoint name, in ordinal order.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> Named => _parts.Select(part => (part.Name, part.Parameter));

    /// <summary>The part of <paramref name="flat"/> [P] that belongs to a parameter, in its shape.</summary>
    public Tensor View(Tensor flat, string name)
    {
        (_, _, long offset, long[] shape) = _parts.First(part => part.Name == name);
        return flat.narrow(0, offset, shape.Aggregate(1L, (a, b) => a * b)).view(shape);
    }

    public void ZeroGradients()
    {
        using DisposeScope scope = NewDisposeScope();
        Gradients.zero_();
    }

    /// <summary>Euclidean norm of all gradients.</summary>
    public double GradientNorm() => Norm(Gradients);

    /// <summary>Euclidean norm of all parameters relative to that of their first values.</summary>
    public double Growth() => Norm(Values) / _firstNorm;

    private static double Norm(Tensor values)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        return values.norm().to(ScalarType.Float64).item<double>();
    }

    /// <summary>Frees the gradients; the parameters keep their values.</summary>
    public void Dispose()
    {
        foreach ((_, Parameter parameter) in Named)
        {
            parameter.grad = null;
        }

        Values.Dispose();
        Gradients.Dispose();
    }
}
