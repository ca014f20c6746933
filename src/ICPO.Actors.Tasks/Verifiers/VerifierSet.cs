using System.Collections.Immutable;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>Verifiers by name. Immutable: <see cref="With"/> returns a larger set.</summary>
public sealed class VerifierSet
{
    private readonly ImmutableSortedDictionary<string, VerifierDescriptor> _descriptors;

    /// <exception cref="ArgumentException">Two verifiers have the same name.</exception>
    public VerifierSet(params IEnumerable<VerifierDescriptor> descriptors) =>
        _descriptors = descriptors.ToDictionary(d => d.Name).ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>All names in ordinal order.</summary>
    public ImmutableArray<string> Names => [.. _descriptors.Keys];

    /// <summary>A set with one more verifier.</summary>
    /// <exception cref="ArgumentException">A verifier of this name exists.</exception>
    public VerifierSet With(VerifierDescriptor descriptor) => new(_descriptors.Values.Append(descriptor));

    /// <exception cref="ArgumentException">The name is unknown, or a setting is out of range.</exception>
    public IVerifier Create(string name, VerifierSettings settings, Func<IVerifier> createTaskVerifier) =>
        Find(name).Create(new(settings, this, createTaskVerifier));

    /// <summary>True if a response could keep the verifier busy for long, so that it belongs in a process that can be killed.</summary>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    public bool NeedsSupervision(string name, VerifierSettings settings) => Find(name).NeedsSupervision(settings, this);

    /// <summary>True if the verifier supervises processes or connections of its own.</summary>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    public bool IsExternal(string name, VerifierSettings settings) => Find(name).IsExternal(settings, this);

    private VerifierDescriptor Find(string name) =>
        _descriptors.GetValueOrDefault(name)
        ?? throw new ArgumentException($"Verifier '{name}' is not known; known are {string.Join(", ", Names)}.", nameof(name));
}
