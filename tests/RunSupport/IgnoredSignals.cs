using System.Globalization;

namespace RunSupport;

/// <summary>Signals that this process ignores, and so do its child processes, as a shell makes its background jobs do.</summary>
public static class IgnoredSignals
{
    private const string Status = "/proc/self/status";
    private const string Mask = "SigIgn:";

    /// <param name="number">Of the signal: SIGINT is 2, SIGQUIT 3.</param>
    public static bool Contains(int number) =>
        File.Exists(Status)
        && File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Mask, StringComparison.Ordinal)) is { } line
        && (ulong.Parse(line.AsSpan(Mask.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << (number - 1)))
            != 0;
}
