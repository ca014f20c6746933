using System.Collections.Immutable;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.RunFiles.Directories;

/// <summary>Reads the configuration that is stored in a run directory.</summary>
public static class StoredConfiguration
{
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <returns>The settings, and a note for each unknown key.</returns>
    public static (RunSettings Settings, ImmutableArray<string> Notes) Read(RunDirectory directory)
    {
        (IcpoConfiguration configuration, ImmutableArray<string> notes) = Load(directory);
        return (configuration.Settings, notes);
    }

    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <returns>The configuration, and a note for each unknown key.</returns>
    internal static (IcpoConfiguration Configuration, ImmutableArray<string> Notes) Load(RunDirectory directory) =>
        File.Exists(directory.EffectiveConfiguration)
            ? (
                IcpoConfiguration.LoadStored(ConfigurationFile.Open(directory.EffectiveConfiguration), out ImmutableArray<string> notes),
                notes
            )
            : throw new FileNotFoundException(
                $"{directory.Path} is not a run directory: it has no effective.conf.",
                directory.EffectiveConfiguration
            );
}
