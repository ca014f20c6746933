namespace ICPO.Actors.Host.CommandLine;

/// <summary>A run failed; its log has the details.</summary>
internal sealed class FailedRunException(string log, Exception cause)
    : Exception($"The run failed: {cause.Message}{(File.Exists(log) ? $" Details: {log}" : "")}", cause);
