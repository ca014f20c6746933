namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>The verifier that a built-in task brings: its name in configuration.</summary>
public static class BuiltinVerifier
{
    public const string VerifierName = "builtin";
}
