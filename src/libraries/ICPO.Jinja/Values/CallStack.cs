using System.Runtime.CompilerServices;

namespace ICPO.Jinja.Values;

/// <summary>
/// What nests without end, in a template's source or in its values, is refused before the stack overflows, which would end the process.
/// </summary>
internal static class CallStack
{
    /// <summary>Whether there is room to go deeper.</summary>
    public static bool Suffices => RuntimeHelpers.TryEnsureSufficientExecutionStack();

    /// <param name="otherwise">The error where there is no room.</param>
    /// <exception cref="TemplateFault">There is none.</exception>
    public static void Require(string otherwise)
    {
        if (!Suffices)
        {
            throw new TemplateFault(otherwise);
        }
    }
}
