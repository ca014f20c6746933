using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ICPO.Actors.Modeling.Torch;

/// <summary>Ends a process that exits without running destructors of native libraries.</summary>
internal static partial class ImmediateExit
{
    /// <summary>
    /// With the GNU C library the exit goes on: everything that was registered to run at it later does, and the process ends where the
    /// destructors would begin. Elsewhere it ends here.
    /// </summary>
    public static void Run(int exitCode)
    {
        if (OperatingSystem.IsWindows())
        {
            TerminateProcess(Process.GetCurrentProcess().Handle, (uint)exitCode);
        }
        else if (!TryEndBeforeDestructors())
        {
            ExitWithoutHandlers(exitCode);
        }
    }

    /// <summary>
    /// Handlers of the C library's exit run in the reverse order of their registration and get the exit code, so <c>_exit</c> itself, as
    /// the last one that is registered, comes before the destructors of every library that is loaded now.
    /// </summary>
    private static bool TryEndBeforeDestructors() =>
        OperatingSystem.IsLinux()
        && NativeLibrary.TryLoad("libc.so.6", out nint library)
        && NativeLibrary.TryGetExport(library, "on_exit", out _)
        && NativeLibrary.TryGetExport(library, "_exit", out nint exit)
        && OnExit(exit, 0) == 0;

    [LibraryImport("libc.so.6", EntryPoint = "on_exit")]
    private static partial int OnExit(nint handler, nint argument);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitWithoutHandlers(int exitCode);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateProcess(nint process, uint exitCode);
}
