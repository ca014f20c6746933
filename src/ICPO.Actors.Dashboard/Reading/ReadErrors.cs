using ICPO.Actors.Configuration;

namespace ICPO.Actors.Dashboard.Reading;

/// <summary>Errors of the files of a run, which a page shows, as opposed to errors of this program.</summary>
internal static class ReadErrors
{
    /// <summary>True if a file or directory cannot be read; the message says why.</summary>
    public static bool Contains(Exception error) =>
        error is IOException or InvalidDataException or ConfigurationException or UnauthorizedAccessException;
}
