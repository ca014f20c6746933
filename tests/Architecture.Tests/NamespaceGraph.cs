using System.Reflection;

namespace Architecture.Tests;

/// <summary>Which namespaces of an assembly use which, as compiled: bases, signatures, attributes and method bodies.</summary>
internal static class NamespaceGraph
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Arrows between different namespaces of one assembly, each with an example.</summary>
    public static IReadOnlyDictionary<(string From, string To), string> Read(Assembly assembly) => Read(assembly.GetTypes());

    public static IReadOnlyDictionary<(string From, string To), string> Read(IEnumerable<Type> types)
    {
        var arrows = new SortedDictionary<(string From, string To), string>();
        foreach (Type type in types.Where(type => type.Namespace is not null))
        {
            foreach (Type used in Uses(type).SelectMany(Parts).Where(used => used.Assembly == type.Assembly && used.Namespace is not null))
            {
                if (used.Namespace != type.Namespace)
                {
                    arrows.TryAdd((type.Namespace!, used.Namespace!), $"{Outermost(type).Name} uses {Outermost(used).Name}");
                }
            }
        }

        return arrows;
    }

    /// <summary>Groups of namespaces that reach each other (strongly connected components of more than one).</summary>
    public static IReadOnlyList<string[]> Circles(IEnumerable<(string From, string To)> arrows)
    {
        ILookup<string, string> next = arrows.ToLookup(arrow => arrow.From, arrow => arrow.To);
        var reach = next.ToDictionary(from => from.Key, from => Reachable(from.Key, next));
        return
        [
            .. reach
                .Keys.Where(name => reach[name].Contains(name))
                .GroupBy(name => string.Join(", ", Mutual(name, reach)))
                .Select(circle => Mutual(circle.First(), reach)),
        ];
    }

    private static string[] Mutual(string name, Dictionary<string, HashSet<string>> reach) =>
        [
            .. reach[name]
                .Where(other => reach.TryGetValue(other, out HashSet<string>? back) && back.Contains(name))
                .Order(StringComparer.Ordinal),
        ];

    private static HashSet<string> Reachable(string from, ILookup<string, string> next)
    {
        var found = new HashSet<string>();
        var open = new Queue<string>(next[from]);
        while (open.TryDequeue(out string? name))
        {
            if (found.Add(name))
            {
                foreach (string further in next[name])
                {
                    open.Enqueue(further);
                }
            }
        }

        return found;
    }

    private static IEnumerable<Type> Uses(Type type)
    {
        IEnumerable<Type?> bases = [type.BaseType, .. type.GetInterfaces(), .. type.GetGenericArguments().SelectMany(Constraints)];
        IEnumerable<Type> fields = type.GetFields(Declared).Select(field => field.FieldType);
        IEnumerable<MemberInfo> members = [type, .. type.GetMembers(Declared)];
        IEnumerable<Type> attributes = members.SelectMany(member => member.GetCustomAttributesData()).Select(data => data.AttributeType);
        IEnumerable<Type> methods = Instructions.Methods([type]).SelectMany(Uses);
        return bases.OfType<Type>().Concat(fields).Concat(attributes).Concat(methods);
    }

    private static IEnumerable<Type> Constraints(Type argument) =>
        argument.IsGenericParameter ? argument.GetGenericParameterConstraints() : [];

    private static IEnumerable<Type> Uses(MethodBase method)
    {
        IEnumerable<Type> signature = method.GetParameters().Select(parameter => parameter.ParameterType);
        IEnumerable<Type> result = method is MethodInfo { ReturnType: { } type } ? [type] : [];
        IEnumerable<Type> locals = method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [];
        return signature.Concat(result).Concat(locals).Concat(Instructions.Members(method).SelectMany(Mentioned));
    }

    private static IEnumerable<Type> Mentioned(MemberInfo member) =>
        member switch
        {
            Type type => [type],
            MethodInfo { IsGenericMethod: true } method => [.. method.GetGenericArguments(), .. Owner(method)],
            _ => Owner(member),
        };

    private static Type[] Owner(MemberInfo member) => member.DeclaringType is { } owner ? [owner] : [];

    /// <summary>The type and what it is made of: elements of arrays, arguments of generic types.</summary>
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
        {
            return Parts(type.GetElementType()!);
        }

        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type) : [type];
    }

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
