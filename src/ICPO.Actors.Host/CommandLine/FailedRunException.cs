namespace ICPO.Actors.Host.CommandLine;

/// <summary>A run failed; its log has the details.</summary>
/// <param name="log">The run's log.</param>
/// <param name="cause">Why it failed.</param>
/// <param name="resume">The command that resumes the run; null if it cannot be resumed.</param>
internal sealed class FailedRunException(string log, Exception cause, string? resume = null)
    : Exception(
        $"The run failed: {cause.Message}{(File.Exists(log) ? $" Details: {log}" : "")}{(resume is null ? "" : $" Resume with: {resume}")}",
        cause
    );
