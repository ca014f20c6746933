using System.Data.Common;

namespace ICPO.Actors.Journaling;

/// <summary>The rights that a run needs on the tables of its journal's server. Missing rights to delete only cause a warning.</summary>
internal static class TableRights
{
    /// <summary>All tables, in the order of the script.</summary>
    public const string Tables = "'journal', 'tags', 'snapshot', 'run_owner', 'run_note', 'payload'";

    private const string Missing = """
        SELECT string_agg(needed || ' on ' || name, ', ' ORDER BY number) FROM (VALUES
            (1, 'journal', 'SELECT'), (2, 'journal', 'INSERT'), (3, 'snapshot', 'SELECT'), (4, 'snapshot', 'INSERT'),
            (5, 'run_owner', 'SELECT'), (6, 'run_owner', 'INSERT'), (7, 'run_owner', 'UPDATE'),
            (8, 'run_note', 'SELECT'), (9, 'run_note', 'INSERT'), (10, 'run_note', 'UPDATE'),
            (11, 'payload', 'SELECT'), (12, 'payload', 'INSERT')) AS rights (number, name, needed)
        WHERE NOT has_table_privilege(name, needed)
        """;

    /// <summary>Checks the role of a connection.</summary>
    /// <exception cref="IOException">Rights are missing; names them.</exception>
    public static async Task CheckAsync(DbConnection connection, string place, CancellationToken cancellationToken)
    {
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT current_user, ({Missing})";
        await using DbDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        if (await row.ReadAsync(cancellationToken).ConfigureAwait(false) && row.GetValue(1) is string missing)
        {
            throw new IOException(
                $"The role {row.GetString(0)} lacks rights on {place}: {missing}; grant them to it, or use another role in "
                    + "journal.connection-string."
            );
        }
    }
}
