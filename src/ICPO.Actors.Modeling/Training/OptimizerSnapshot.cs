using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Training;

/// <summary>Weights and moments as they were, to go back to when a later mini-batch of an update fails.</summary>
internal sealed class OptimizerSnapshot : IDisposable
{
    private readonly (Tensor Live, Tensor Copy)[] _tensors;
    private readonly AdamW _optimizer;
    private readonly long _steps;

    public OptimizerSnapshot(FlatParameters parameters, AdamW optimizer)
    {
        (_optimizer, _steps) = (optimizer, optimizer.Steps);
        _tensors =
        [
            .. ((Tensor[])[parameters.Values, optimizer.FirstMoment, optimizer.SecondMoment]).Select(live =>
                (live, live.clone().DetachFromDisposeScope())
            ),
        ];
    }

    public void Restore()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        foreach ((Tensor live, Tensor copy) in _tensors)
        {
            live.copy_(copy);
        }

        _optimizer.Steps = _steps;
    }

    public void Dispose()
    {
        foreach ((_, Tensor copy) in _tensors)
        {
            copy.Dispose();
        }
    }
}
