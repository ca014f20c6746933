namespace ICPO.Actors.RunFiles.Directories;

/// <summary>Identifies this machine since it was started, for all of its containers alike.</summary>
internal static class MachineBoot
{
    /// <summary>The kernel's boot id; null if there is none to read.</summary>
    public static string? Id { get; } = Read();

    private static string? Read()
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim() : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
