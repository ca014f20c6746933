using System.Reflection;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Wire.Codecs;

namespace Architecture.Tests;

/// <summary>
/// A public record of Contracts is a message, and has a manifest, unless it is part of something: mentioned by another
/// public type (a property of a message, a parameter or result of an interface).
/// </summary>
public sealed class MessageTests
{
    private static readonly Type[] Contracts = [.. typeof(GroupId).Assembly.GetExportedTypes()];

    [Fact]
    public void Every_message_has_a_manifest()
    {
        HashSet<Type> parts = [.. Contracts.SelectMany(t => Mentioned(t).Where(m => m != t))];
        Type[] messages = [.. Contracts.Where(IsRecordClass).Where(t => !parts.Contains(t))];
        Assert.NotEmpty(messages);
        Solution.ExpectNone(messages.Where(t => !IcpoSerializer.Manifests.ContainsKey(t)).Select(t => t.FullName!));
    }

    [Fact]
    public void Every_journal_event_has_a_manifest() =>
        Solution.ExpectNone(
            Contracts
                .Where(t => t.IsClass && t.IsAssignableTo(typeof(IBufferEvent)) && !IcpoSerializer.Manifests.ContainsKey(t))
                .Select(t => t.FullName!)
        );

    [Fact]
    public void Manifests_are_given_to_sealed_records_of_the_contracts_only() =>
        Assert.All(IcpoSerializer.Manifests.Keys, t => Assert.True(t.IsSealed && IsRecordClass(t) && Contracts.Contains(t), t.FullName));

    private static bool IsRecordClass(Type type) => type.IsClass && type.GetMethod("<Clone>$") is not null;

    private static IEnumerable<Type> Mentioned(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return type.GetMethods(Declared)
            .SelectMany(m => m.GetParameters().Select(p => p.ParameterType).Append(m.ReturnType))
            .SelectMany(Flatten);
    }

    private static IEnumerable<Type> Flatten(Type type) =>
        type.HasElementType ? Flatten(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Flatten).Append(type)
        : [type];
}
