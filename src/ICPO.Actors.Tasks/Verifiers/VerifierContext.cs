using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>The parameters of a verifier.</summary>
/// <param name="Settings">The settings of all verifiers.</param>
/// <param name="All">The verifiers that a composite can name.</param>
/// <param name="CreateTaskVerifier">Creates the task's own verifier; throws <see cref="ArgumentException"/> if it has none.</param>
public sealed record VerifierContext(VerifierSettings Settings, VerifierSet All, Func<IVerifier> CreateTaskVerifier);
