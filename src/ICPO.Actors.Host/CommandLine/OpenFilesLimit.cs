using System.Globalization;

namespace ICPO.Actors.Host.CommandLine;

/// <summary>
/// The limit of open files (ulimit -n). The runtime keeps every assembly open, so that with a low limit assemblies cannot be loaded at some
/// point, and even the report of that may fail: the limit is checked first.
/// </summary>
internal static class OpenFilesLimit
{
    private const string Name = "Max open files";
    private const long Required = 256;

    /// <summary>One sentence; null if the limit is high enough or not known.</summary>
    public static string? Problem()
    {
        const string Path = "/proc/self/limits";
        string? line = File.Exists(Path) ? Array.Find(File.ReadAllLines(Path), l => l.StartsWith(Name, StringComparison.Ordinal)) : null;
        string[] numbers = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        bool isKnown = long.TryParse(numbers.Length > 0 ? numbers[0] : "", NumberStyles.None, CultureInfo.InvariantCulture, out long limit);
        return isKnown && limit < Required
            ? $"the limit of open files is {limit}, but {Required} are needed; raise it with ulimit -n {4 * Required}."
            : null;
    }
}
