using System.Reflection;
using System.Runtime.CompilerServices;

namespace Architecture.Tests;

/// <summary>No method, constructor or positional record asks for more arguments than a reader can match by position.</summary>
public sealed class ParameterTests
{
    private const int Most = 6;

    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void At_most_six_parameters()
    {
        Type[] types = [.. Solution.Projects.SelectMany(p => Assembly.Load(p.AssemblyName).GetTypes()).Where(IsWritten)];
        Assert.NotEmpty(types);
        Solution.ExpectNone(
            types
                .SelectMany(t => t.GetMethods(Declared).Concat<MethodBase>(t.GetConstructors(Declared)))
                .Where(m => m.GetParameters().Length > Most && !IsGenerated(m) && m.Name != "Deconstruct")
                .Select(m => $"{m.DeclaringType}.{m.Name}: {m.GetParameters().Length} parameters")
        );
    }

    private static bool IsWritten(Type type) => !IsGenerated(type) && type.Namespace?.Contains("Protos", StringComparison.Ordinal) != true;

    private static bool IsGenerated(MemberInfo member) =>
        member.Name.Contains('<', StringComparison.Ordinal)
        || member.IsDefined(typeof(CompilerGeneratedAttribute))
        || (member.DeclaringType is { } outer && IsGenerated(outer));
}
