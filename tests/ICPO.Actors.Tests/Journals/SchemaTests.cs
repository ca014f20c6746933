using ICPO.Actors.Tests.Buffering;
using Microsoft.Data.Sqlite;

namespace ICPO.Actors.Tests.Journals;

/// <summary>
/// The scripts under deploy/sql, which a run executes where there are no tables, make what the plugin would make, and the buffer finds its
/// way in them.
/// </summary>
public sealed class SchemaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_script_for_sqlite_makes_what_the_plugin_would_make()
    {
        string[] made = Made("by-plugin", script: null);
        string[] scripted = Made("by-script", await ScriptAsync("sqlite.sql"));
        Assert.NotEmpty(made);
        Assert.Equal(made, scripted);

        string[] Made(string name, string? script)
        {
            string connection = new SqliteConnectionStringBuilder { DataSource = _folder.In(name), Pooling = false }.ToString();
            if (script is not null)
            {
                Query(connection, script);
            }

            Use(connection, pluginMakesTables: script is null);
            return Query(
                connection,
                """
                SELECT t.name || '.' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || c.pk
                FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'
                UNION SELECT t.name || ' ' || i.name || ' ' || i."unique" || ' ' || group_concat(c.name)
                FROM sqlite_master t, pragma_index_list(t.name) i, pragma_index_info(i.name) c
                WHERE t.type = 'table' GROUP BY t.name, i.name ORDER BY 1
                """
            );
        }
    }

    [Fact]
    public async Task The_script_for_postgres_makes_what_the_plugin_would_make()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using PostgresServer server = await PostgresServer.StartAsync();
        await server.QueryAsync("create database scripted");
        string scripted = server.ConnectionString.Replace("Database=postgres", "Database=scripted");
        await server.QueryAsync(await ScriptAsync("postgres.sql"), scripted);
        Use(server.ConnectionString, pluginMakesTables: true);
        Use(scripted);
        const string Schema = """
            select table_name || '.' || column_name || ' ' || data_type || ' ' || coalesce(character_maximum_length, 0)
            || ' ' || is_nullable || ' ' || coalesce(column_default, is_identity)
            from information_schema.columns where table_name in ('journal', 'tags', 'snapshot')
            union select indexdef from pg_indexes where tablename in ('journal', 'tags', 'snapshot') order by 1
            """;
        string[] made = await server.QueryAsync(Schema);
        Assert.NotEmpty(made);
        Assert.Equal(made, await server.QueryAsync(Schema, scripted));
    }

    public void Dispose() => _folder.Dispose();

    private static void Use(string connection, bool pluginMakesTables = false)
    {
        using var folder = new TemporaryFolder();
        using (var buffer = new JournalledBuffer(folder, connection: connection, pluginMakesTables: pluginMakesTables))
        {
            buffer.Admit(Make.Group(0));
        }

        using (var buffer = new JournalledBuffer(folder, connection: connection))
        {
            Assert.Equal(1, buffer.Recovered.Buffered);
        }
    }

    private static Task<string> ScriptAsync(string name) => File.ReadAllTextAsync(Repository.In("deploy", "sql", name));

    private static string[] Query(string connection, string sql)
    {
        using var open = new SqliteConnection(connection);
        open.Open();
        using SqliteCommand command = open.CreateCommand();
#pragma warning disable CA2100 // What the test asks.
        command.CommandText = sql;
#pragma warning restore CA2100
        using SqliteDataReader rows = command.ExecuteReader();
        List<string> values = [];
        while (rows.Read())
        {
            values.Add(rows.GetString(0));
        }

        return [.. values];
    }
}
