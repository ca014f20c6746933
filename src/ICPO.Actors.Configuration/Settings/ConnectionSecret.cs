using Npgsql;

namespace ICPO.Actors.Configuration.Settings;

/// <summary>Keeps the password of a connection string out of what is written and printed, and puts it back where it is known.</summary>
internal static class ConnectionSecret
{
    /// <summary>The same connection string, in the same form, without its password.</summary>
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
        return $"{uri.Scheme}://{(user.Length > 0 ? user + "@" : "")}{uri.Authority}{uri.AbsolutePath}{(options.Length > 0 ? "?" + string.Join('&', options) : "")}";
    }

    /// <summary>
    /// A run's own connection string with the password that is given for the same database and user, where it has none itself.
    /// </summary>
    public static string Restore(string stored, string given)
    {
        if (
            Server(stored) is not { Password: null } server
            || Server(given) is not { Password: { } password } other
            || (server.Host, server.Port, server.Database, server.Username) != (other.Host, other.Port, other.Database, other.Username)
        )
        {
            return stored;
        }

        server.Password = password;
        return server.ToString();
    }

    /// <summary>Null where it is not the connection string of a server.</summary>
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
            // Not to be read: configuration says so.
            return null;
        }
    }
}
