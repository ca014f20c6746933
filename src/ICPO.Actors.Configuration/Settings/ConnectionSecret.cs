using Npgsql;

namespace ICPO.Actors.Configuration.Settings;

/// <summary>Removes passwords from connection strings before they are written or printed, and restores them for a resumed run.</summary>
internal static class ConnectionSecret
{
    /// <summary>The connection string without its password, in the form it was given.</summary>
    public static string Remove(string text)
    {
        if (Server(text) is not { } server || (server.Password ?? server.SslPassword) is null)
        {
            return text;
        }

        if (!JournalConnection.IsUri(text))
        {
            server.Remove("Password");
            server.Remove("SSL Password");
            return server.ToString();
        }

        var uri = new Uri(text);
        string[] options =
        [
            .. uri
                .Query.TrimStart('?')
                .Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Where(option => !option.Split('=')[0].Contains("password", StringComparison.OrdinalIgnoreCase)),
        ];
        string user = uri.UserInfo.Split(':', 2)[0];
        string query = options.Length > 0 ? "?" + string.Join('&', options) : "";
        return $"{uri.Scheme}://{(user.Length > 0 ? user + "@" : "")}{uri.Authority}{uri.AbsolutePath}{query}";
    }

    /// <summary>
    /// The stored connection string; if it has no password, with the one given for the same server, database and user.
    /// </summary>
    public static string Restore(string stored, string given)
    {
        if (
            Server(stored) is not { Password: null } server
            || Server(given) is not { Password: { } password } other
            || Place(server) != Place(other)
        )
        {
            return stored;
        }

        server.Password = password;
        return server.ToString();
    }

    /// <summary>True if both name the same database and user of the same server, whatever the form and the password.</summary>
    public static bool IsSameDatabase(string left, string right) =>
        Server(left) is { } one && Server(right) is { } other ? Place(one) == Place(other) : left == right;

    private static (string?, int, string?, string?) Place(NpgsqlConnectionStringBuilder server) =>
        (server.Host, server.Port, server.Database, server.Username);

    /// <summary>Null if the text is not a connection string of a server.</summary>
    private static NpgsqlConnectionStringBuilder? Server(string text)
    {
        try
        {
            return text.Length > 0 && JournalConnection.Parse(text) is { IsServer: true } database
                ? new NpgsqlConnectionStringBuilder(database.ConnectionString)
                : null;
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            // The configuration check reports the invalid connection string.
            return null;
        }
    }
}
