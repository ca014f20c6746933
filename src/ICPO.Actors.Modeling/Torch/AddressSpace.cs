using System.Globalization;

namespace ICPO.Actors.Modeling.Torch;

/// <summary>The limit of the address space of a process (ulimit -v), which counts reserved memory, not used memory.</summary>
public static class AddressSpace
{
    private const string Name = "Max address space";

    /// <summary>The limit in bytes; null if there is none, or where the system does not say.</summary>
    /// <param name="root">Where /proc is.</param>
    public static long? Limit(string root = "/")
    {
        string path = Path.Combine(root, "proc/self/limits");
        string? line = File.Exists(path) ? File.ReadLines(path).FirstOrDefault(l => l.StartsWith(Name, StringComparison.Ordinal)) : null;
        string? soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : null;
    }

    /// <summary>A sentence that names the limit as a possible cause of failed allocations; null if there is none.</summary>
    public static string? Hint() =>
        Limit() is { } bytes
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The address space of this process is limited to {bytes / 1e9:F1} GB (ulimit -v); raise the limit, or remove it with "
                    + $"ulimit -v unlimited."
            )
            : null;
}
