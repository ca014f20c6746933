using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Torch;

/// <summary>
/// The bfloat16 matrix that products read, cast from float32 master weights. Matrices with the same input are stored one after another
/// in its rows and computed as one product. Gradients are added directly to those of the master weights, in float32.
/// </summary>
internal sealed class WorkingWeight : IDisposable
{
    private readonly Part[] _parts;

    public WorkingWeight(params Part[] parts)
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter master = parts[0].Master;
        _parts = parts;
        Value = empty([parts.Sum(part => part.Master.shape[0]), master.shape[1]], ScalarType.BFloat16, master.device)
            .DetachFromDisposeScope();
    }

    /// <summary>[out, in], bfloat16.</summary>
    public Tensor Value { get; }

    public bool IsTrained => _parts.Any(part => part.Master.requires_grad);

    /// <summary>Casts the master weights again.</summary>
    public void Refresh()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        ForEach(Value, (working, master, _) => working.copy_(master));
    }

    /// <summary>Adds the gradient of <see cref="Value"/> to those of the masters.</summary>
    /// <param name="gradient">[out, in].</param>
    public void Accumulate(Tensor gradient)
    {
        using DisposeScope scope = NewDisposeScope();
        ForEach(gradient, (slice, _, sum) => sum?.AddInPlace(slice));
    }

    public void Dispose() => Value.Dispose();

    private void ForEach(Tensor working, Action<Tensor, Tensor, Tensor?> action)
    {
        long start = 0L;
        foreach ((Parameter? master, long half) in _parts)
        {
            long rows = master.shape[0];
            Tensor slice = working.narrow(0, start, rows);
            Tensor? sum = master.requires_grad ? master.grad ?? (master.grad = zeros_like(master).DetachFromDisposeScope()) : null;
            if (half == 0)
            {
                action(slice, master, sum);
            }
            else
            {
                long[] apart = [-1, 2, half, master.shape[1]],
                    together = [-1, half, 2, master.shape[1]];
                action(slice.view(together), master.view(apart).transpose(1, 2), sum?.view(apart).transpose(1, 2));
            }

            start += rows;
        }
    }

    /// <param name="Master">float32 [rows, in].</param>
    /// <param name="Half">Where rows are in pairs (j, j + half) of heads, half a head's width; 0 if they stay in order.</param>
    public readonly record struct Part(Parameter Master, long Half = 0);
}
