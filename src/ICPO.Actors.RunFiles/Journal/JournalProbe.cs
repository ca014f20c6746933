using System.Data.Common;
using System.Net.Sockets;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.RunFiles.Journal;

/// <summary>Whether the server of a journal answers.</summary>
/// <param name="Database">Its name.</param>
/// <param name="Problem">Why it does not, with the fix; null if it does.</param>
internal sealed record JournalProbe(string Database, string? Problem)
{
    /// <summary>Connects once, within the connection string's timeout (15 s by default).</summary>
    /// <returns>Null if the journal is a file.</returns>
    public static JournalProbe? Check(RunSettings settings)
    {
        if (settings.Journal.ConnectionString.Length == 0)
        {
            return null;
        }

        var database = JournalDatabase.Create(settings.Journal, new RunDirectory(settings.Directory));
        try
        {
            using DbConnection connection = database.OpenToRead();
            return new(database.Description, null);
        }
        catch (Exception error) when (error is DbException or SocketException or TimeoutException)
        {
            return new(database.Description, $"It cannot be opened: {error.Message.TrimEnd('.')}. {database.Fix(error)}.");
        }
    }
}
