using System.Runtime.CompilerServices;

namespace ICPO.Jinja.Values;

/// <summary>
/// Rejects sources and values that nest too deeply before the stack overflows, which would end the process.
/// </summary>
internal static class CallStack
{
    /// <summary>Whether there is enough stack for another level.</summary>
    public static bool Suffices => RuntimeHelpers.TryEnsureSufficientExecutionStack();

    /// <param name="otherwise">The error message if there is not.</param>
    /// <exception cref="TemplateFault">There is not enough stack.</exception>
    public static void Require(string otherwise)
    {
        if (!Suffices)
        {
            throw new TemplateFault(otherwise);
        }
    }
}
