using System.Globalization;
using ICPO.Actors.Modeling.Torch;

namespace ICPO.Actors.Composition;

/// <summary>The memory that this process may use.</summary>
/// <param name="Bytes">The smallest limit.</param>
/// <param name="Source">What sets it.</param>
public sealed record MachineMemory(long Bytes, string Source)
{
    private const string Groups = "sys/fs/cgroup";

    /// <summary>
    /// The machine's memory, the limits of the control groups (version 1 and 2) of this process and of those around them, and the limit of
    /// its address space.
    /// </summary>
    /// <param name="root">Where /proc and /sys are; other systems than Linux have neither, and the runtime's own limit is used.</param>
    public static MachineMemory Read(string root = "/")
    {
        MachineMemory[] limits =
        [
            .. Total(root),
            .. Group(root),
            .. AddressSpace.Limit(root) is { } reserved
                ? [new MachineMemory(reserved, "the limit of the address space (ulimit -v)")]
                : Array.Empty<MachineMemory>(),
        ];
        return limits.Length > 0 ? limits.MinBy(limit => limit.Bytes)! : new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, "the machine");
    }

    private static IEnumerable<MachineMemory> Total(string root) =>
        from line in Lines(Path.Combine(root, "proc/meminfo"))
        where line.StartsWith("MemTotal:", StringComparison.Ordinal)
        let kilobytes = Number(line["MemTotal:".Length..].Replace("kB", "", StringComparison.Ordinal))
        where kilobytes is not null
        select new MachineMemory(kilobytes.Value * 1024, "the machine");

    /// <summary>Lines are <c>0::/path</c> in version 2 and <c>5:memory:/path</c> in version 1.</summary>
    private static IEnumerable<MachineMemory> Group(string root) =>
        from line in Lines(Path.Combine(root, "proc/self/cgroup"))
        let parts = line.Split(':', 3)
        where parts.Length == 3
        let isSecond = parts[0] == "0" && parts[1].Length == 0
        where isSecond || parts[1].Split(',').Contains("memory")
        from folder in isSecond ? (string[])[Groups, $"{Groups}/unified"] : [$"{Groups}/memory"]
        from place in Ancestors(parts[2])
        let file = $"{folder}{place}/{(isSecond ? "memory.max" : "memory.limit_in_bytes")}"
        from text in Lines(Path.Combine(root, file)).Take(1)
        let bytes = Number(text)
        where bytes is not null
        select new MachineMemory(bytes.Value, $"the limit in /{file}");

    /// <summary>The path and all paths above it, "" for the root.</summary>
    private static IEnumerable<string> Ancestors(string path)
    {
        string at = path.TrimEnd('/');
        for (; at.Length > 0; at = at[..at.LastIndexOf('/')])
        {
            yield return at;
        }

        yield return "";
    }

    private static long? Number(string text) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static string[] Lines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // a limit that cannot be read is not known
        }
    }
}
