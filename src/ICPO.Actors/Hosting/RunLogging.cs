using ICPO.Actors.Progress;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Hosting;

/// <summary>Logs a run for the operator of the host app: phases, evaluations and outcome.</summary>
internal static partial class RunLogging
{
    /// <summary>The category of its messages.</summary>
    public const string Category = "ICPO.Actors.Run";

    /// <summary>Follows a run to its outcome.</summary>
    public static async Task FollowAsync(IIcpoRun run, Task<RunSummary> outcome, string runId, ILogger logger)
    {
        Started(logger, runId, run.Directory);
        (RunPhase? phase, long? evaluated) = (null, null);
        await foreach (RunProgress progress in run.ProgressAsync().ConfigureAwait(false))
        {
            if (progress.Phase != phase)
            {
                phase = progress.Phase;
                Entered(logger, runId, progress.Phase, progress.Update, progress.Updates, progress.Message ?? "");
            }

            if (progress is { Accuracy: { } accuracy, AccuracyAt: { } at } && at != evaluated)
            {
                evaluated = at;
                Evaluated(logger, runId, accuracy, at);
            }
        }

        try
        {
            RunSummary summary = await outcome.ConfigureAwait(false);
            if (summary.StopIncomplete is { } missing)
            {
                StoppedAsItIs(logger, runId, summary.Updates, missing);
            }

            Ended(logger, runId, summary.State, summary.Updates);
        }
        catch (Exception error)
        {
            Failed(logger, error, runId, error.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Run {RunId} has started in {Directory}")]
    private static partial void Started(ILogger logger, string runId, string directory);

    [LoggerMessage(2, LogLevel.Information, "Run {RunId}: {Phase} at update {Update} of {Updates} {Message}")]
    private static partial void Entered(ILogger logger, string runId, RunPhase phase, long update, long updates, string message);

    [LoggerMessage(3, LogLevel.Information, "Run {RunId}: accuracy {Accuracy:P1} at update {Update}")]
    private static partial void Evaluated(ILogger logger, string runId, double accuracy, long update);

    [LoggerMessage(4, LogLevel.Information, "Run {RunId} has ended: {State} after {Updates} updates")]
    private static partial void Ended(ILogger logger, string runId, string state, long updates);

    [LoggerMessage(5, LogLevel.Error, "Run {RunId} has failed: {Reason}")]
    private static partial void Failed(ILogger logger, Exception error, string runId, string reason);

    [LoggerMessage(
        6,
        LogLevel.Warning,
        "Run {RunId} was stopped at update {Updates} without a new checkpoint: {Reason}. Committed updates are kept; the run can be resumed"
    )]
    private static partial void StoppedAsItIs(ILogger logger, string runId, long updates, string reason);
}
