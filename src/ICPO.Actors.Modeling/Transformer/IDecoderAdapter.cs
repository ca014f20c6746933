using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Transformer;

/// <summary>Parameters that are trained beside a decoder's own. While attached they are part of its forward pass.</summary>
public interface IDecoderAdapter : IDisposable
{
    /// <summary>The adapter's parameters by name, in ordinal order.</summary>
    IEnumerable<(string Name, Parameter Parameter)> Parameters { get; }

    /// <summary>
    /// A parameter of the decoder with what the adapter adds to it, in its own dtype; the parameter itself if nothing is added.
    /// </summary>
    Tensor Merged(string name, Tensor parameter);

    /// <summary>
    /// Euclidean norm of the weights that the adapter changes, with what it adds to them, relative to that without it.
    /// </summary>
    double Growth();

    /// <summary>The decoder computes without the adapter until the result is disposed.</summary>
    IDisposable Suspend();
}

/// <summary>What an adapter adds to one linear layer.</summary>
internal interface IProjectionAdapter
{
    /// <summary>[…, in] → […, out].</summary>
    /// <param name="input">The layer's input.</param>
    /// <param name="arrange">Reorders the output rows; null keeps their order.</param>
    Tensor Delta(Tensor input, Func<Tensor, Tensor>? arrange = null);
}
