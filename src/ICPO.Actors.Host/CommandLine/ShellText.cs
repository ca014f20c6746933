namespace ICPO.Actors.Host.CommandLine;

/// <summary>Writes commands that can be copied to a shell.</summary>
internal static class ShellText
{
    /// <summary>Resumes a run of one process.</summary>
    public const string TrainResume = "icpo train --resume";

    /// <summary>The command that resumes a run, from any working directory.</summary>
    public static string Resume(string directory, string command = TrainResume) => $"{command} {Quote(Path.GetFullPath(directory))}";

    /// <summary>An argument as a POSIX shell reads it back.</summary>
    public static string Quote(string argument) =>
        argument.Length > 0
        && argument.All(c => char.IsLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or '+' or '=' or ':' or ',' or '@')
            ? argument
            : $"'{argument.Replace("'", @"'\''")}'";
}
