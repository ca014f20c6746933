using System.Collections.Immutable;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Tasks;

/// <summary>The verifiers that configuration can name. To add one, write its file and list its descriptor here.</summary>
public static class VerifierRegistry
{
    public static VerifierSet All { get; } =
        new(
            BuiltinVerifier.Descriptor,
            CommandVerifier.Descriptor,
            CompositeVerifier.Descriptor,
            ExactVerifier.Descriptor,
            FormatVerifier.Descriptor,
            HttpVerifier.Descriptor,
            JudgeVerifier.Descriptor,
            MathVerifier.Descriptor,
            MultipleChoiceVerifier.Descriptor,
            NumericVerifier.Descriptor,
            RegexVerifier.Descriptor
        );

    public static ImmutableArray<string> Names => All.Names;

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="settings">How strict it is; null for the defaults.</param>
    /// <param name="task">The task whose verifier <c>builtin</c> means; null for the default task.</param>
    /// <exception cref="ArgumentException">The name is unknown, or a setting is out of range.</exception>
    public static IVerifier Create(string name, VerifierSettings? settings = null, TaskSettings? task = null) =>
        All.Create(name, settings ?? new(), () => TaskRegistry.CreateVerifier(task ?? new()));

    /// <inheritdoc cref="VerifierSet.NeedsSupervision"/>
    public static bool NeedsSupervision(string name, VerifierSettings settings) => All.NeedsSupervision(name, settings);

    /// <inheritdoc cref="VerifierSet.IsExternal"/>
    public static bool IsExternal(string name, VerifierSettings settings) => All.IsExternal(name, settings);

    /// <summary>True if a verifier is the named one or a composite that contains it.</summary>
    public static bool Uses(string verifier, string name, VerifierSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return verifier == name
            || (verifier == CompositeVerifier.VerifierName && settings.Composite.Parts.Any(part => part.Verifier == name));
    }
}
