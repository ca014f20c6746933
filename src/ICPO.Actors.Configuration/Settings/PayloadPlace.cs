namespace ICPO.Actors.Configuration.Settings;

/// <summary>Where the payloads of a journal are stored.</summary>
public enum PayloadPlace
{
    /// <summary>In the database where the journal is on a server, else in files.</summary>
    Auto,

    /// <summary>In segment files of the run's directory.</summary>
    Files,

    /// <summary>In a table of the journal's server.</summary>
    Database,
}
