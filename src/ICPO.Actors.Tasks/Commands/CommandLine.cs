using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;

namespace ICPO.Actors.Tasks.Commands;

/// <summary>The command line of a verifier: its program, arguments, files and limits.</summary>
public static class CommandLine
{
    private const string Key = "icpo.verification.command.run";

    /// <summary>The command as a person would write it.</summary>
    public static string Text(CommandSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return string.Join(' ', settings.Run);
    }

    /// <summary>The files whose content determines rewards: a program with a path, arguments that are files, and listed files.</summary>
    public static ImmutableArray<string> Files(CommandSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        IEnumerable<string> named = settings.Run.Where((argument, i) => i > 0 || HasDirectory(argument));
        return [.. named.Select(argument => Full(settings, argument)).Where(IsFile).Concat(Listed(settings)).Distinct()];
    }

    /// <summary>Checks that the command could be started here.</summary>
    /// <exception cref="ArgumentException">The directory, the program or a file does not exist; the message names the fix.</exception>
    public static void RequireStartable(CommandSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        string directory = Full(settings, "");
        if (!System.IO.Directory.Exists(directory))
        {
            throw new ArgumentException(
                $"icpo.verification.command.directory = {settings.Directory}: no such directory; set it to the directory of the command.",
                nameof(settings)
            );
        }

        _ = Program(settings);
        if (Listed(settings).FirstOrDefault(file => !File.Exists(file)) is { } missing)
        {
            throw new ArgumentException(
                $"icpo.verification.command.files names {missing}, which does not exist; correct the path or remove it from the list.",
                nameof(settings)
            );
        }
    }

    /// <summary>How the process is started, with its memory limit where the system has one.</summary>
    /// <exception cref="ArgumentException">The program does not exist.</exception>
    internal static ProcessStartInfo StartInfo(CommandSettings settings)
    {
        string program = Program(settings);
        IEnumerable<string> arguments = settings.Run.Skip(1);
        if (settings.Memory is { } megabytes && !OperatingSystem.IsWindows())
        {
            // The limit of data (RLIMIT_DATA) is inherited by the children. The shell replaces itself with the program.
            string kilobytes = (1024L * megabytes).ToString(CultureInfo.InvariantCulture);
            arguments = ["-c", "ulimit -d " + kilobytes + " && exec \"$@\"", "sh", program, .. arguments];
            program = "/bin/sh";
        }

        return new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = Full(settings, ""),
        };
    }

    /// <summary>False for devices and pipes, such as /dev/stdin: they have no content to compare, and reading them need not end.</summary>
    private static bool IsFile(string path) =>
        File.Exists(path) && !path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/proc/", StringComparison.Ordinal);

    private static string Program(CommandSettings settings)
    {
        string name = settings.Run[0];
        IEnumerable<string> candidates = HasDirectory(name)
            ? [Full(settings, name)]
            : (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Select(directory => Path.Combine(directory, name));
        if (OperatingSystem.IsWindows())
        {
            candidates = candidates.SelectMany(path => new[] { path, path + ".exe" });
        }

        string[] existing = [.. candidates.Where(File.Exists)];
        return existing.FirstOrDefault(IsExecutable)
            ?? throw new ArgumentException(
                existing.Length > 0
                    ? $"{Key} starts {existing[0]}, which is not executable; run chmod +x on it, or put its interpreter first, such "
                        + $"as [python3, {name}]."
                    : $"{Key} starts {name}, which does not exist{(HasDirectory(name) ? "" : " in PATH")}; correct the path.",
                nameof(settings)
            );
    }

    private static bool IsExecutable(string path) =>
        OperatingSystem.IsWindows()
        || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    private static IEnumerable<string> Listed(CommandSettings settings) => settings.Files.Select(file => Full(settings, file));

    private static string Full(CommandSettings settings, string path) =>
        Path.GetFullPath(Path.Combine(settings.Directory, path), Environment.CurrentDirectory);

    private static bool HasDirectory(string program) => program.Contains('/') || (OperatingSystem.IsWindows() && program.Contains('\\'));
}
