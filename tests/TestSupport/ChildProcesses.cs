using System.Globalization;

namespace TestSupport;

/// <summary>The children of a process, from /proc.</summary>
public static class ChildProcesses
{
    public static int[] Of(int parent) =>
        [
            .. Directory
                .EnumerateDirectories($"/proc/{parent}/task")
                .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(id => int.Parse(id, CultureInfo.InvariantCulture)),
        ];
}
