namespace ICPO.Actors.Configuration.Settings;

/// <summary>The location of a journal's payloads.</summary>
public enum PayloadPlace
{
    /// <summary>In the database if the journal is on a server, otherwise in files.</summary>
    Auto,

    /// <summary>In segment files of the run's directory.</summary>
    Files,

    /// <summary>In a table of the journal's server.</summary>
    Database,
}
