namespace ICPO.Actors.Tasks.Processes;

/// <summary>A verifier cannot judge at all, for example because its processes do not start. It is not a verdict: it ends the run.</summary>
public sealed class VerifierUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
