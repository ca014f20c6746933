using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ICPO.Actors.Configuration.Settings;

/// <summary>A connection string of the journal: SQLite, or a PostgreSQL server that several runs may share.</summary>
/// <param name="IsServer">True for PostgreSQL.</param>
/// <param name="ConnectionString">In ADO.NET form.</param>
public sealed record JournalConnection(bool IsServer, string ConnectionString)
{
    /// <summary>The accepted forms, for error messages.</summary>
    public const string Forms =
        "postgres://user@host:5432/database, an Npgsql connection string (Host=…), or a SQLite connection string (Data Source=…)";

    public static bool IsUri(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);
    }

    /// <exception cref="ArgumentException">The text is neither a PostgreSQL nor a SQLite connection string.</exception>
    public static JournalConnection Parse(string text)
    {
        if (IsUri(text))
        {
            return new(true, FromUri(text));
        }

        var words = new DbConnectionStringBuilder { ConnectionString = text };
        return words.ContainsKey("Host") || words.ContainsKey("Server")
            ? new(true, new NpgsqlConnectionStringBuilder(text).ToString())
            : new(false, new SqliteConnectionStringBuilder(text).ToString());
    }

    private static string FromUri(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0 || uri.AbsolutePath.Length < 2)
        {
            throw new ArgumentException("the host or the database is missing");
        }

        var builder = new NpgsqlConnectionStringBuilder { Host = uri.Host, Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]) };
        if (uri.Port > 0)
        {
            builder.Port = uri.Port;
        }

        string[] user = uri.UserInfo.Split(':', 2);
        builder.Username = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null;
        builder.Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null;
        foreach (string option in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = option.Split('=', 2);
            builder[Uri.UnescapeDataString(pair[0])] = Uri.UnescapeDataString(pair.ElementAtOrDefault(1) ?? "");
        }

        return builder.ToString();
    }
}
