using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Torch;

/// <summary>
/// Gradient checkpointing (Chen et al. 2016): only the input of a part of the graph is kept, and the backward pass recomputes the
/// part. Parameters of the part must be leaves; they get their gradients as without it, bit for bit.
/// </summary>
internal sealed class Checkpoint : autograd.MultiTensorFunction<Checkpoint>
{
    /// <summary>A function of a tensor, of constants and of parameters; the same at every call.</summary>
    public delegate Tensor[] Part(Tensor input, IReadOnlyList<Tensor> constants);

    public override string Name => nameof(Checkpoint);

    /// <param name="part">The computation; runs in its own dispose scope.</param>
    /// <param name="input">The tensor with respect to which it is differentiated, in addition to the parameters.</param>
    /// <param name="constants">Kept for the backward pass.</param>
    public static List<Tensor> Apply(Part part, Tensor input, params Tensor[] constants)
    {
        if (!is_grad_enabled() || input.requires_grad)
        {
            return apply([part, input, .. constants]);
        }

        // Without a gradient of the input itself there may be parameters that need theirs.
        using Tensor leaf = input.detach().requires_grad_();
        return apply([part, leaf, .. constants]);
    }

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        var part = (Part)vars[0];
        List<Tensor> tensors = [.. vars.Skip(1).Cast<Tensor>()];
        ctx.save_for_backward(tensors);
        ctx.save_data(nameof(Part), part);
        ctx.set_materialize_grads(false); // an output that the loss does not use has none
        return [.. part(tensors[0], tensors[1..]).Select(output => output.MoveToOuterDisposeScope())];
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradient = enable_grad();
        var part = (Part)ctx.get_data(nameof(Part));
        List<Tensor> saved = ctx.get_saved_variables();
        Tensor input = saved[0].detach().requires_grad_();
        var reached = part(input, saved[1..])
            .Zip(grad_outputs)
            .Where(pair => pair.First.requires_grad && pair.Second is { IsInvalid: false })
            .ToList();
        autograd.backward([.. reached.Select(pair => pair.First)], [.. reached.Select(pair => pair.Second)], null, false, null);
        return [null!, input.grad!.MoveToOuterDisposeScope(), .. Enumerable.Repeat<Tensor>(null!, saved.Count - 1)];
    }
}
