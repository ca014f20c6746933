using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;

namespace Architecture.Tests;

/// <summary>
/// A TorchSharp scalar that is not referenced can be freed while libtorch reads it. Modeling's class TensorOperators keeps its scalars
/// alive; no other class may create one, directly or through a TorchSharp member that creates one at any depth.
/// </summary>
public sealed class ScalarTests
{
    private const string TensorOperators = "ICPO.Actors.Modeling.Torch.TensorOperators";

    private static readonly HashSet<MethodBase> Conversions =
    [
        .. Instructions
            .Methods([typeof(Scalar)])
            .Where(m => m.IsConstructor || m is MethodInfo { ReturnType: var result } && result == typeof(Scalar)),
    ];

    private static readonly HashSet<MethodBase> _makers = Makers();

    [Fact]
    public void Scalars_are_created_by_the_tensor_operators_only() =>
        Solution.ExpectNone(Uses(Assembly.Load(Solution.Modeling).GetTypes().Where(type => !IsTensorOperators(type)), _makers));

    [Fact]
    public void The_tensor_operators_keep_every_scalar_alive()
    {
        Type[] types = [.. Assembly.Load(Solution.Modeling).GetTypes().Where(IsTensorOperators)];
        Assert.NotEmpty(Uses(types, Conversions));

        // A script call passes scalars through; it creates them only from plain numbers.
        Solution.ExpectNone(Uses(types, _makers.Where(m => !Conversions.Contains(m) && m.DeclaringType != typeof(jit.CompilationUnit))));
    }

    [Fact]
    public void Every_hidden_scalar_is_found_where_there_is_one() =>
        Assert.Equal(
            [
                "TorchSharp.Scalar.op_Implicit(Double)",
                "TorchSharp.torch+Tensor.add(Tensor)",
                "TorchSharp.torch+Tensor.op_Addition(Tensor, Tensor)",
                "TorchSharp.torch+Tensor.op_Multiply(Tensor, Double)",
                "TorchSharp.torch+Tensor.square()",
                "TorchSharp.torch+linalg.vector_norm(Tensor, Double, Int64[], Boolean)",
            ],
            Uses([typeof(Offender)], _makers).Select(use => use.Split(" calls ")[1]).Order(StringComparer.Ordinal)
        );

    private static IEnumerable<string> Uses(IEnumerable<Type> types, IEnumerable<MethodBase> banned)
    {
        HashSet<MethodBase> all = [.. banned];
        return
        [
            .. Instructions
                .Methods(types)
                .SelectMany(caller =>
                    Instructions
                        .Callees(caller)
                        .Where(all.Contains)
                        .Select(callee => $"{Instructions.Describe(caller)} calls {Instructions.Describe(callee)}")
                )
                .Distinct(),
        ];
    }

    /// <summary>Members of TorchSharp that create a scalar, directly or indirectly.</summary>
    private static HashSet<MethodBase> Makers()
    {
        ILookup<MethodBase, MethodBase> callers = Instructions
            .Methods(typeof(Scalar).Assembly.GetTypes())
            .SelectMany(caller => Instructions.Callees(caller).Select(callee => (Caller: caller, Callee: callee)))
            .ToLookup(call => call.Callee, call => call.Caller);
        HashSet<MethodBase> makers = [.. Conversions];
        Queue<MethodBase> open = new(makers);
        while (open.TryDequeue(out MethodBase? maker))
        {
            foreach (MethodBase caller in callers[maker].Where(makers.Add))
            {
                open.Enqueue(caller);
            }
        }

        return makers;
    }

    private static bool IsTensorOperators(Type type) =>
        type.FullName == TensorOperators || type.DeclaringType is { } outer && IsTensorOperators(outer);

    /// <summary>Creates unreferenced scalars, for the detector's own test.</summary>
    private static class Offender
    {
        public static Tensor Offend(Tensor x)
        {
            // These create none.
            Tensor innocent = x - (x * x / x.norm());
            return x + linalg.vector_norm(x.mul(0.5).square() * 2.0, 2).add(innocent);
        }
    }
}
