using System.Reflection;
using System.Reflection.Emit;

namespace Architecture.Tests;

/// <summary>What methods call, read from their instructions (ECMA-335 III).</summary>
internal static class Instructions
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<ushort, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (ushort)code.Value);

    /// <summary>Every method and constructor that the types declare.</summary>
    public static IEnumerable<MethodBase> Methods(IEnumerable<Type> types) =>
        types.SelectMany(type => type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared)));

    /// <summary>Every method that the body names: called, constructed or taken as a delegate; generic ones as they were declared.</summary>
    public static IEnumerable<MethodBase> Callees(MethodBase method) =>
        Tokens(method)
            .Where(operand => operand.Code.OperandType == OperandType.InlineMethod)
            .Select(operand => Resolve(method, operand.Token))
            .OfType<MethodBase>()
            .Select(Definition);

    /// <summary>Every type, method and field that the body names.</summary>
    public static IEnumerable<MemberInfo> Members(MethodBase method) => Tokens(method).Select(operand => Resolve(method, operand.Token));

    private static MemberInfo Resolve(MethodBase method, int token) =>
        method.Module.ResolveMember(
            token,
            method.DeclaringType!.GetGenericArguments(),
            method.IsGenericMethod ? method.GetGenericArguments() : []
        )!;

    /// <summary>The operands that name a member, with their instructions.</summary>
    private static IEnumerable<(OpCode Code, int Token)> Tokens(MethodBase method)
    {
        byte[] il = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (int at = 0; at < il.Length; )
        {
            OpCode code = Codes[il[at] == 0xFE ? (ushort)(0xFE00 | il[at + 1]) : il[at]];
            at += code.Size;
            if (code.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                yield return (code, BitConverter.ToInt32(il, at));
            }

            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 * (1 + BitConverter.ToInt32(il, at)),
                _ => 4,
            };
        }
    }

    /// <summary>Namespace, types, name and parameters.</summary>
    public static string Describe(MethodBase method) =>
        $"{method.DeclaringType!.FullName}.{method.Name}({string.Join(", ", method.GetParameters().Select(p => p.ParameterType.Name))})";

    private static MethodBase Definition(MethodBase method) =>
        method.IsGenericMethod || method.DeclaringType is { IsGenericType: true }
            ? method.Module.ResolveMethod(method.MetadataToken)!
            : method;
}
