using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;

namespace Architecture.Tests;

/// <summary>
/// A TorchSharp scalar that nothing holds may be freed while libtorch reads it. Modeling's class Arithmetic holds those it
/// makes; here nothing else makes one, itself or by a member of TorchSharp that makes one inside, however deep.
/// </summary>
public sealed class ScalarTests
{
    private const string Arithmetic = "ICPO.Actors.Modeling.Arithmetic";

    private static readonly HashSet<MethodBase> Conversions =
    [
        .. Instructions
            .Methods([typeof(Scalar)])
            .Where(m => m.IsConstructor || m is MethodInfo { ReturnType: var result } && result == typeof(Scalar)),
    ];

    private static readonly HashSet<MethodBase> _makers = Makers();

    [Fact]
    public void Scalars_are_made_by_the_arithmetic_class_only() =>
        Solution.ExpectNone(Uses(Assembly.Load(Solution.Modeling).GetTypes().Where(type => !IsArithmetic(type)), _makers));

    [Fact]
    public void The_arithmetic_class_holds_every_scalar_it_makes()
    {
        Type[] types = [.. Assembly.Load(Solution.Modeling).GetTypes().Where(IsArithmetic)];
        Assert.NotEmpty(Uses(types, Conversions));

        // A script's call takes the scalars it is given as they are; it makes some only of bare numbers.
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

    /// <summary>Members of TorchSharp that make a scalar, themselves or by what they call.</summary>
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

    private static bool IsArithmetic(Type type) => type.FullName == Arithmetic || type.DeclaringType is { } outer && IsArithmetic(outer);

    /// <summary>Makes, for the detector's own test, scalars that nothing holds.</summary>
    private static class Offender
    {
        public static Tensor Offend(Tensor x)
        {
            // These make none.
            Tensor innocent = x - (x * x / x.norm());
            return x + linalg.vector_norm(x.mul(0.5).square() * 2.0, 2).add(innocent);
        }
    }
}
