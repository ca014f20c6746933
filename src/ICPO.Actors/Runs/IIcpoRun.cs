using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Progress;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Runs;

/// <summary>A started run: follow its progress, wait for it, stop it.</summary>
public interface IIcpoRun
{
    /// <summary>The run's directory (configuration, journal, metrics, checkpoints, report).</summary>
    string Directory { get; }

    /// <summary>Messages for the owner about configuration and data, one sentence each; also in the run's log.</summary>
    IReadOnlyList<string> Notes => [];

    /// <summary>
    /// The first prompt as it is sent to the model, one line; null if it is the question itself. Also in the run's log.
    /// </summary>
    string? FirstPrompt => null;

    /// <summary>The estimated disk usage of the run, as a sentence; null if that is not known.</summary>
    string? DiskUse => null;

    /// <summary>The current error of the journal's database; null while it responds. The run waits for it.</summary>
    string? JournalAway => null;

    /// <summary>Progress from now on; ends with the run. Every caller gets its own sequence.</summary>
    IAsyncEnumerable<RunProgress> ProgressAsync(CancellationToken cancellationToken = default);

    /// <summary>The summary, or the exception that ended the run.</summary>
    Task<RunSummary> Completion { get; }

    /// <summary>
    /// Directory of the trained model (Hugging Face format); complete once <see cref="Completion"/> is. It does not exist if the run was
    /// stopped before its first checkpoint (<see cref="RunSummary.Model"/> is null then).
    /// </summary>
    string ModelDirectory { get; }

    /// <summary>
    /// Stops after the update in progress, with a checkpoint; <see cref="Completion"/> then ends with state <c>stopped</c>. So it does,
    /// without a new checkpoint, if the update takes longer than <c>shutdown.stop-timeout</c> or the journal's server does not answer
    /// (<see cref="RunSummary.StopIncomplete"/>).
    /// </summary>
    Task StopAsync(CancellationToken cancellationToken = default);
}

/// <summary>
/// Starts and resumes runs; registered by <c>AddIcpo</c>. A start that is canceled stops the run where its directory exists already, then
/// throws <see cref="OperationCanceledException"/>; the run can be resumed. In a host that is stopping, a run stops as soon as it has
/// started.
/// </summary>
public interface IIcpoRuns
{
    /// <summary>Starts a run in a new directory.</summary>
    /// <exception cref="RunExistsException">The configured directory already contains a run.</exception>
    Task<IIcpoRun> StartAsync(CancellationToken cancellationToken = default);

    /// <summary>Starts a run in a new directory, with its own settings and parts. Any number of runs may be active at once.</summary>
    /// <param name="configure">Sets the configuration and the parts that differ from those of the host app.</param>
    Task<IIcpoRun> StartAsync(Action<RunOptions> configure, CancellationToken cancellationToken = default);

    /// <summary>Starts a run in a new directory, with its own settings.</summary>
    Task<IIcpoRun> StartAsync(IcpoConfiguration configuration, CancellationToken cancellationToken = default) =>
        StartAsync(options => options.Configuration = configuration, cancellationToken);

    /// <summary>Continues the run in <paramref name="directory"/> under its stored configuration.</summary>
    Task<IIcpoRun> ResumeAsync(string directory, CancellationToken cancellationToken = default);

    /// <summary>Continues the run in <paramref name="directory"/> with changes to its configuration, or with changed inputs.</summary>
    Task<IIcpoRun> ResumeAsync(string directory, ResumeOptions options, CancellationToken cancellationToken = default);
}
