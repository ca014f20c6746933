using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>The description of a verifier in its own file; <c>VerifierRegistry</c> lists one descriptor per line.</summary>
/// <param name="Name">The name in configuration.</param>
/// <param name="Create">Creates the verifier; throws <see cref="ArgumentException"/> if a setting is out of range.</param>
public sealed record VerifierDescriptor(string Name, Func<VerifierContext, IVerifier> Create)
{
    /// <summary>
    /// True if a response could keep the verifier busy for long, so that it belongs in a process that can be killed. False by default.
    /// </summary>
    public Func<VerifierSettings, VerifierSet, bool> NeedsSupervision { get; init; } = (_, _) => false;

    /// <summary>
    /// True if the verifier supervises processes or connections of its own, so that it runs in the process of its owner. False by default.
    /// </summary>
    public Func<VerifierSettings, VerifierSet, bool> IsExternal { get; init; } = (_, _) => false;
}
