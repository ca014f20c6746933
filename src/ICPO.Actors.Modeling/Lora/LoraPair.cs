using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Lora;

/// <summary>
/// The trained addition to the weight of one linear layer: s·B·A. Multiplied in the dtype of the input, kept in float32 at least.
/// </summary>
/// <param name="A">[r, in].</param>
/// <param name="B">[out, r].</param>
/// <param name="Scale">s.</param>
internal sealed record LoraPair(Parameter A, Parameter B, double Scale) : IProjectionAdapter
{
    /// <summary>[…, in] → […, out].</summary>
    /// <param name="input">The layer's input.</param>
    /// <param name="arrange">Another order of the rows of B; null is their own.</param>
    public Tensor Delta(Tensor input, Func<Tensor, Tensor>? arrange = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor narrow = nn.functional.linear(input, A.to(input.dtype)).Mul(Scale);
        return nn.functional.linear(narrow, (arrange is null ? B : arrange(B)).to(input.dtype)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// ‖W + s·B·A‖² − ‖W‖² of a weight W [out, in], from products with r rows or columns: 2s·tr(WᵀBA) + s²·tr(BᵀB·AAᵀ).
    /// </summary>
    public double AddedSquares(Tensor weight)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        Tensor across = nn.functional.linear(A.to(weight.dtype), weight).to(B.dtype).mul(B.t()).sum(); // [r, out]
        Tensor own = matmul(B.t(), B).mul(matmul(A, A.t())).sum(); // [r, r]
        return (2 * Scale * across.to(ScalarType.Float64).item<double>()) + (Scale * Scale * own.to(ScalarType.Float64).item<double>());
    }

    /// <summary>s·B·A, [out, in].</summary>
    public Tensor Product()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        return nn.functional.linear(B, A.t()).Mul(Scale).MoveToOuterDisposeScope();
    }
}
