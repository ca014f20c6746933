using System.Globalization;
using System.Runtime.InteropServices;

namespace ICPO.Actors.Host.CommandLine;

/// <summary>
/// The signals that the process was started to ignore: SIGHUP under nohup, SIGINT for a background job of a shell without job control. A
/// handler would end that, so they get none.
/// </summary>
internal static class IgnoredSignals
{
    private const string Status = "/proc/self/status";
    private const string Field = "SigIgn:";

    /// <summary>Reads them; to be called before the runtime installs its own handlers. Empty if the system does not report them.</summary>
    public static IReadOnlySet<PosixSignal> Read() => File.Exists(Status) ? Parse(File.ReadLines(Status)) : new HashSet<PosixSignal>();

    /// <param name="status">The lines of /proc/PID/status.</param>
    public static IReadOnlySet<PosixSignal> Parse(IEnumerable<string> status)
    {
        string? mask = status.FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal))?[Field.Length..].Trim();
        return ulong.TryParse(mask, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong bits)
            ? Numbers.Where(signal => (bits >> (signal.Number - 1) & 1) == 1).Select(signal => signal.Signal).ToHashSet()
            : new HashSet<PosixSignal>();
    }

    /// <summary>Linux numbers them so on every architecture.</summary>
    private static readonly (PosixSignal Signal, int Number)[] Numbers =
    [
        (PosixSignal.SIGHUP, 1),
        (PosixSignal.SIGINT, 2),
        (PosixSignal.SIGTERM, 15),
    ];
}
