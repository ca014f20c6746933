using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Fuzz.Running;

/// <summary>Processor time of this thread, which other processes do not change; elapsed time where the system has none.</summary>
internal static partial class ThreadClock
{
    private const int ThreadTime = 3; // CLOCK_THREAD_CPUTIME_ID on Linux

    public static TimeSpan Now =>
        OperatingSystem.IsLinux() && GetTime(ThreadTime, out Moment moment) == 0
            ? TimeSpan.FromSeconds(moment.Seconds) + TimeSpan.FromMicroseconds(moment.Nanoseconds / 1000)
            : Stopwatch.GetElapsedTime(0);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Moment moment);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Moment(long Seconds, long Nanoseconds);
}
