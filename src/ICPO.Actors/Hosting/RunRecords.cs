using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Inputs;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.Hosting;

/// <summary>Writes the records of a run's start: its configuration, its inputs and the events of the start.</summary>
internal static class RunRecords
{
    /// <summary>The configuration is written last, so the directory contains either a complete run or none.</summary>
    public static void WriteNew(RunDirectory directory, IcpoConfiguration configuration, InputCheck inputs, TimeProvider time)
    {
        inputs.Current.Write(directory);
        RunEventLog.Append(directory, new EventLine(time.GetUtcNow(), EventKinds.Started, 0, "The run was started."));
        string temporary = $"{directory.EffectiveConfiguration}.tmp";
        File.WriteAllText(temporary, configuration.Render());
        File.Move(temporary, directory.EffectiveConfiguration, overwrite: true);
    }

    /// <summary>Adds changed keys to the configuration and records what has changed.</summary>
    public static void WriteResumed(RunDirectory directory, ResumedConfiguration resumed, InputCheck inputs, long update, TimeProvider time)
    {
        DateTimeOffset now = time.GetUtcNow();
        RunEventLog.Append(
            directory,
            [
                new EventLine(now, EventKinds.Resumed, update, $"The run was resumed after update {update}."),
                .. resumed.Changes.Select(change => new EventLine(now, EventKinds.KeyChanged, update, Describe(change))),
                .. inputs.Changes.Select(change => new EventLine(now, EventKinds.InputChanged, update, $"{change.Description}.")),
            ]
        );
        if (!inputs.IsRecorded)
        {
            inputs.Current.Write(directory);
        }

        if (!resumed.Changes.IsEmpty)
        {
            string temporary = $"{directory.EffectiveConfiguration}.tmp";
            File.WriteAllText(temporary, File.ReadAllText(directory.EffectiveConfiguration) + resumed.Appendix(now));
            File.Move(temporary, directory.EffectiveConfiguration, overwrite: true);
        }
    }

    private static string Describe(KeyChange change) => $"{change.Key} was {change.Before} and is {change.After} ({change.Source}).";
}
