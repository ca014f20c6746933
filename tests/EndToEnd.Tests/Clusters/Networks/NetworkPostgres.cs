using System.Diagnostics;

namespace EndToEnd.Tests.Clusters.Networks;

/// <summary>A PostgreSQL server on a host of a virtual network, which trusts the network.</summary>
internal sealed class NetworkPostgres : IAsyncDisposable
{
    private const string User = "nobody";
    private readonly string _folder;
    private readonly LineProcess _server;

    private NetworkPostgres(string folder, VirtualHost host, LineProcess server) =>
        (_folder, Connection, _server) = (folder, $"postgres://{User}@{host.Address}:5432/postgres?Timeout=5", server);

    public string Connection { get; }

    /// <summary>Why no server can be started on a virtual host; null if one can.</summary>
    public static string? Missing =>
        PostgresServer.Missing ?? (Environment.IsPrivilegedProcess ? null : "PostgreSQL refuses the user that a namespace of users has");

    public static async Task<NetworkPostgres> StartAsync(VirtualHost host)
    {
        string folder = Directory.CreateTempSubdirectory("icpo-postgres-").FullName;
        string data = Path.Combine(folder, "data");
        using (var owner = Process.Start("chown", [User, folder]))
        {
            await owner.WaitForExitAsync();
        }

        string[] asUser = [$"--reuid={User}", "--clear-groups", "--"];
        await host.RunAsync("setpriv", [.. asUser, PostgresServer.Program("initdb"), "-D", data, "-U", User, "-A", "trust", "--no-sync"]);
        await File.AppendAllTextAsync(Path.Combine(data, "pg_hba.conf"), $"host all all {VirtualNetwork.Subnet}0/24 trust\n");
        LineProcess server = host.StartProgram(
            "setpriv",
            [.. asUser, PostgresServer.Program("postgres"), "-D", data, "-c", "listen_addresses=*", "-c", "unix_socket_directories="]
        );
        await server.WaitForAsync("ready to accept connections");
        return new NetworkPostgres(folder, host, server);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
