using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ICPO.Actors.Modeling.Torch;

/// <summary>Ends the process without running exit handlers or destructors of native libraries.</summary>
internal static partial class ImmediateExit
{
    public static void Run(int exitCode)
    {
        if (OperatingSystem.IsWindows())
        {
            TerminateProcess(Process.GetCurrentProcess().Handle, (uint)exitCode);
        }
        else
        {
            ExitWithoutHandlers(exitCode);
        }
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitWithoutHandlers(int exitCode);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateProcess(nint process, uint exitCode);
}
