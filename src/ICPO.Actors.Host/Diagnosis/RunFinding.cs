using ICPO.Actors.Composition;
using ICPO.Actors.Configuration;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.Host.Diagnosis;

/// <summary>What a configuration would need here.</summary>
internal static class RunFinding
{
    private const string Run = "run";
    private const string Journal = "journal";

    /// <param name="load">Loads the configuration.</param>
    public static IEnumerable<Finding> Of(Func<IcpoConfiguration> load)
    {
        RunSettings settings;
        try
        {
            settings = load().Settings;
        }
        catch (Exception error) when (error is ConfigurationException or IOException or UnauthorizedAccessException)
        {
            return [Finding.Problem(Run, "its configuration is invalid", error.Message)];
        }

        return [OfMemory(settings), .. OfJournal(settings)];
    }

    private static Finding OfMemory(RunSettings settings)
    {
        string text = $"preset {settings.Preset}, {settings.Updates} updates, {settings.EngineCount} engines";
        try
        {
            string needs = string.Join(' ', MemoryEstimate.Describe(settings));
            bool fits = MemoryEstimate.Of(settings) is not { } need || need.Total <= MachineMemory.Read().Bytes;
            return fits || settings.Model.Device != "cpu"
                ? Finding.Good(Run, $"{text}. {needs}")
                : Finding.Problem(Run, $"{text}: too little memory", needs);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return Finding.Problem(Run, $"{text}: its model cannot be read", error.Message);
        }
    }

    /// <summary>Nothing for a journal in a file, which the run creates.</summary>
    private static IEnumerable<Finding> OfJournal(RunSettings settings)
    {
        if (JournalProbe.Check(settings) is { } answer)
        {
            yield return answer.Problem is { } problem
                ? Finding.Problem(Journal, answer.Database, problem)
                : Finding.Good(Journal, $"{answer.Database} answers");
        }
    }
}
