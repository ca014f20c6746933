using ICPO.Actors.Progress;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Runs;

/// <summary>A run that was started: watch it, wait for it, stop it.</summary>
public interface IIcpoRun
{
    /// <summary>The run's directory (configuration, journal, metrics, checkpoints, report).</summary>
    string Directory { get; }

    /// <summary>
    /// What its owner should know about its configuration and data before it starts, a sentence each; the run's log has them too.
    /// </summary>
    IReadOnlyList<string> Notes => [];

    /// <summary>Progress from now on; ends with the run. Every caller sees every look from its own start on.</summary>
    IAsyncEnumerable<RunProgress> ProgressAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends with the summary, or in the exception that ended the run.</summary>
    Task<RunSummary> Completion { get; }

    /// <summary>Where the trained model lies (a Hugging Face directory); it is complete once <see cref="Completion"/> is.</summary>
    string ModelDirectory { get; }

    /// <summary>
    /// Stops after the update in progress, with a checkpoint; <see cref="Completion"/> then ends with state <c>stopped</c>.
    /// </summary>
    Task StopAsync(CancellationToken cancellationToken = default);
}

/// <summary>Starts and resumes runs; registered by <c>AddIcpo</c>.</summary>
public interface IIcpoRuns
{
    /// <summary>Starts a run in a new directory.</summary>
    Task<IIcpoRun> StartAsync(CancellationToken cancellationToken = default);

    /// <summary>Goes on with the run in <paramref name="directory"/>, under the configuration that lies there.</summary>
    Task<IIcpoRun> ResumeAsync(string directory, CancellationToken cancellationToken = default);
}
