using System.Runtime.Serialization;
using ICPO.Actors.Configuration;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Ownership;
using ICPO.Actors.RunFiles.Inputs;
using ICPO.Actors.Runs;
using ICPO.Actors.Tasks.Processes;
using ICPO.Jinja;

namespace ICPO.Actors.Host.CommandLine;

/// <summary>Turns an exception into a message for the user and an exit code.</summary>
internal static class ErrorReporter
{
    public static int Report(Exception error, Terminal terminal)
    {
        (string message, int code) = Describe(error);
        string? hint = IsOutOfMemory(error) ? AddressSpace.Hint() : null;
        terminal.WriteError(hint is null ? message : $"{message} {hint}");
        return code;
    }

    private static (string Message, int Code) Describe(Exception error) =>
        error switch
        {
            _ when Replaced(error) is { } replaced => (replaced.Message, ExitCode.Replaced),
            FailedRunException or VerifierUnavailableException => (error.Message, ExitCode.Failed),
            ConfigurationException { Problems.Length: > 1 and var count } => (
                $"the configuration has {count} errors:{Environment.NewLine}{error.Message}",
                ExitCode.BadInput
            ),
            ChangedInputsException changed => (changed.Describe("--accept-changed-inputs"), ExitCode.BadInput),
            RunExistsException exists => (
                $"{exists.Directory} already contains a run; resume it with {ShellText.Resume(exists.Directory)}, or choose another "
                    + "directory.",
                ExitCode.BadInput
            ),
            ArgumentException argument => (WithoutParameter(argument), ExitCode.BadInput),
            LibtorchException
            or UsageException
            or ConfigurationException
            or IOException
            or UnauthorizedAccessException
            or InvalidDataException
            or SerializationException
            or TemplateException => (error.Message, ExitCode.BadInput),
            _ => ($"unexpected error: {error.Message.Split('\n')[0].Trim()} Details: {WriteLog(error)}", ExitCode.Failed),
        };

    private static RunFencedException? Replaced(Exception? error) =>
        error as RunFencedException ?? (error is null ? null : Replaced(error.InnerException));

    /// <summary>Whether memory could not be allocated, by the runtime or by libtorch.</summary>
    private static bool IsOutOfMemory(Exception? error) =>
        error is not null
        && (
            error is OutOfMemoryException
            || error.Message.Contains("can't allocate memory", StringComparison.Ordinal)
            || error.Message.Contains("Cannot allocate memory", StringComparison.Ordinal)
            || IsOutOfMemory(error.InnerException)
        );

    private static string WithoutParameter(ArgumentException error) => error.Message.Replace($" (Parameter '{error.ParamName}')", "");

    private static string WriteLog(Exception error)
    {
        string path = Path.Combine(Path.GetTempPath(), $"icpo-error-{Environment.ProcessId}.log");
        File.WriteAllText(path, error + Environment.NewLine);
        return path;
    }
}
