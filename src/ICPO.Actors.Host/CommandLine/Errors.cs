using ICPO.Actors.Configuration;
using ICPO.Actors.Verification.Workers;

namespace ICPO.Actors.Host.CommandLine;

/// <summary>The command line itself is wrong.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>A run ended in an error that its own log tells more about.</summary>
internal sealed class FailedRunException(string log, Exception cause)
    : Exception($"The run failed: {cause.Message} More is in {log}.", cause);

/// <summary>What a person is told when something fails, and the exit code.</summary>
internal static class Errors
{
    public static int Report(Exception error, TextWriter output)
    {
        switch (error)
        {
            case FailedRunException or VerifierUnavailableException:
                output.WriteLine($"icpo: {error.Message}");
                return ExitCode.Failed;
            case ConfigurationException { Problems.Length: > 1 } configuration:
                output.WriteLine(
                    $"icpo: the configuration has {configuration.Problems.Length} errors:{Environment.NewLine}{configuration.Message}"
                );
                return ExitCode.BadInput;
            case ArgumentException argument:
                output.WriteLine($"icpo: {argument.Message.Replace($" (Parameter '{argument.ParamName}')", "")}");
                return ExitCode.BadInput;
            case UsageException or ConfigurationException or IOException or UnauthorizedAccessException or InvalidDataException:
                output.WriteLine($"icpo: {error.Message}");
                return ExitCode.BadInput;
            default:
                output.WriteLine($"icpo: something unexpected failed: {FirstLine(error.Message)} The details are in {Log(error)}.");
                return ExitCode.Failed;
        }
    }

    private static string FirstLine(string message) => message.Split('\n')[0].Trim();

    private static string Log(Exception error)
    {
        string path = Path.Combine(Path.GetTempPath(), $"icpo-error-{Environment.ProcessId}.log");
        File.WriteAllText(path, error + Environment.NewLine);
        return path;
    }
}
