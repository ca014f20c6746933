using System.Diagnostics;

namespace EndToEnd.Tests.Clusters;

/// <summary>Processes that do not see some folders of this machine, as if they ran on another one.</summary>
internal static class OtherFileSystem
{
    private const string Script = "while [ \"$1\" != -- ]; do mount -t tmpfs none \"$1\" || exit 1; shift; done; shift; exec \"$@\"";

    /// <summary>False where the system does not allow a mount namespace.</summary>
    public static async Task<bool> IsAvailableAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        using var folder = new TemporaryFolder();
        (string program, string[] arguments) = Hide([folder.Path], "true", []);
        using Process tried = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await tried.WaitForExitAsync();
        return tried.ExitCode == 0;
    }

    /// <summary>The command that starts a program for which the folders are empty.</summary>
    public static (string Program, string[] Arguments) Hide(string[] folders, string program, string[] arguments) =>
        ("unshare", ["--mount", "--map-root-user", "sh", "-c", Script, "sh", .. folders, "--", program, .. arguments]);

    /// <summary>A model that is not the bundled one: a file has another content.</summary>
    public static void CopyBundledModel(string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "models", "symbol-rules")))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        File.AppendAllText(Path.Combine(to, "config.json"), "\n");
    }
}
