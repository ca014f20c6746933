namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>The verifier that a built-in task provides.</summary>
public static class BuiltinVerifier
{
    public const string VerifierName = "builtin";

    public static VerifierDescriptor Descriptor { get; } = new(VerifierName, context => context.CreateTaskVerifier());
}
