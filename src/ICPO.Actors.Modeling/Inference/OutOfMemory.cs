using System.Runtime.InteropServices;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>Recognizes failed allocations; libtorch reports them by the text of its message only.</summary>
internal static class OutOfMemory
{
    public static bool Is(Exception e) =>
        e is OutOfMemoryException
        || (
            e is ExternalException
            && (
                e.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
                || e.Message.Contains("can't allocate memory", StringComparison.Ordinal)
            )
        );
}
