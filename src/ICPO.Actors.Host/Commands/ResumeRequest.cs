using System.CommandLine;
using ICPO.Actors.Checkpointing;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Views;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Report;
using ICPO.Actors.Runs;

namespace ICPO.Actors.Host.Commands;

/// <summary>The request of <c>icpo train --resume</c>.</summary>
/// <param name="Directory">The directory of the run.</param>
/// <param name="Options">Changes from <c>--set</c> and the environment.</param>
internal sealed record ResumeRequest(string Directory, ResumeOptions Options)
{
    /// <summary>The option that accepts changed inputs.</summary>
    public const string AcceptOption = "--accept-changed-inputs";

    public static Option<bool> AcceptChangedInputs() =>
        new(AcceptOption)
        {
            Description = "Continue although data, model or conventions differ from those at the start of the run; the run records this.",
        };

    /// <summary>The summary of a run that has made all updates of the configuration that it would continue with; otherwise null.</summary>
    /// <exception cref="Configuration.ConfigurationException">A key that may not change is given another value.</exception>
    public RunSummary? Finished()
    {
        var directory = new RunDirectory(Path.GetFullPath(Directory));
        IcpoConfiguration stored = StoredConfiguration.Load(directory).Configuration;
        int updates = ResumedConfiguration.Apply(stored, Options.Changes).Configuration.Settings.Updates;
        return Summary(directory) is { State: "completed" } summary && summary.Updates >= updates ? summary : null;
    }

    /// <summary>A damaged summary is written again when the run ends.</summary>
    private static RunSummary? Summary(RunDirectory directory)
    {
        try
        {
            return RunSummaries.Read(directory);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>
    /// Reports that the run is complete, and how to extend it; removes files that a process left which was killed at the very end.
    /// </summary>
    /// <exception cref="IOException">A process is still working on the run.</exception>
    public void WriteFinished(RunSummary summary, TextWriter output)
    {
        string directory = Path.GetFullPath(Directory);
        var files = new RunDirectory(directory);
        using (RunLock.Take(files, TimeProvider.System))
        {
            CheckpointStore.Open(files).DeletePolicies();
            if (!File.Exists(files.Report))
            {
                RunReport.Write(directory);
            }
        }

        output.WriteLine(
            $"{directory} is finished: all {summary.Updates} updates are complete. To extend it: {ShellText.Resume(directory)} --set "
                + $"run.updates={2 * summary.Updates}"
        );
        output.WriteLine($"Model: {Path.Combine(directory, summary.Model ?? "")}");
        output.WriteLine(SummaryText.Create(summary));
    }
}
