using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Torch;

/// <summary>y = x·Wᵀ in bfloat16, forward and backward; the weight's gradient is added to its float32 masters'.</summary>
internal sealed class MixedLinear : autograd.SingleTensorFunction<MixedLinear>
{
    public override string Name => nameof(MixedLinear);

    /// <param name="input">[N, in], of any floating dtype.</param>
    /// <param name="weight">[out, in].</param>
    /// <returns>bfloat16 [N, out].</returns>
    public static Tensor Apply(Tensor input, WorkingWeight weight)
    {
        if (input.dtype == ScalarType.BFloat16)
        {
            return apply(input, weight);
        }

        using Tensor half = input.to(ScalarType.BFloat16);
        return apply(half, weight);
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        (Tensor? input, WorkingWeight? weight) = ((Tensor)vars[0], (WorkingWeight)vars[1]);
        ctx.save_for_backward([input]);
        ctx.save_data(nameof(WorkingWeight), weight);
        return nn.functional.linear(input, weight.Value);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        var weight = (WorkingWeight)ctx.get_data(nameof(WorkingWeight));
        if (weight.IsTrained)
        {
            weight.Accumulate(grad_output.t().mm(ctx.get_saved_variables()[0]));
        }

        return [grad_output.mm(weight.Value).MoveToOuterDisposeScope(), null!];
    }
}
