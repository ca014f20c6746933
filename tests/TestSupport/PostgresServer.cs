using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace TestSupport;

/// <summary>
/// A PostgreSQL server for one test, from the installed packages: on a free port, in a temporary folder, as an unprivileged user (the
/// server refuses root). Disposing stops it and deletes its data.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "nobody";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private readonly string _folder;
    private readonly string _binaries;

    private PostgresServer(string folder, string binaries, int port) => (_folder, _binaries, Port) = (folder, binaries, port);

    /// <summary>Why no server can be started here; null if one can.</summary>
    public static string? Missing =>
        (OperatingSystem.IsLinux(), Binaries) switch
        {
            (false, _) => "these tests start PostgreSQL on Linux only",
            (true, null) => "PostgreSQL is not installed in /usr/lib/postgresql (apt-get install postgresql)",
            _ => null,
        };

    public int Port { get; }

    public string ConnectionString => Through(Port);

    /// <summary>The connection string with another local port, e.g. that of a proxy.</summary>
    public static string Through(int port) => $"Host=127.0.0.1;Port={port};Username={User};Database=postgres;Timeout=5";

    public string Uri => $"postgres://{User}@127.0.0.1:{Port}/postgres?Timeout=5";

    /// <summary>The path of one of its programs; only where none are <see cref="Missing"/>.</summary>
    public static string Program(string name) => Path.Combine(Binaries!, name);

    private static string? Binaries =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .EnumerateDirectories("/usr/lib/postgresql")
                .OrderDescending()
                .Select(version => Path.Combine(version, "bin"))
                .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            : null;

    public static async Task<PostgresServer> StartAsync()
    {
        string folder = Directory.CreateTempSubdirectory("icpo-postgres-").FullName;
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        int port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var server = new PostgresServer(folder, Binaries!, port);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", User, folder);
        }

        await server.AsUserAsync("initdb", "-D", server.Data, "-U", User, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C");
        await server.UpAsync();
        return server;
    }

    /// <summary>Starts the server and returns when it accepts connections.</summary>
    public Task UpAsync() =>
        AsUserAsync(
            "pg_ctl",
            "start",
            "-w",
            "-D",
            Data,
            "-l",
            Path.Combine(_folder, "log"),
            "-o",
            $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        );

    /// <summary>Requires a password from every user but the owner.</summary>
    public async Task DemandPasswordsAsync()
    {
        await File.WriteAllTextAsync(
            Path.Combine(Data, "pg_hba.conf"),
            $"host all {User} 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
        );
        await AsUserAsync("pg_ctl", "reload", "-D", Data);
    }

    /// <summary>Stops the server as an administrator does: clients are disconnected.</summary>
    public Task DownAsync() => AsUserAsync("pg_ctl", "stop", "-w", "-m", "fast", "-D", Data);

    /// <summary>Kills the server as the operating system does when memory runs out.</summary>
    public async Task KillAsync()
    {
        var server = Process.GetProcessById(
            int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture)
        );

        // Its children end when it has ended. Until then they hold its shared memory, and no server can be started on its data.
        // A stopped server starts no further ones.
        await RunAsync("sh", "-c", $"kill -STOP {server.Id}");
        Process[] children = [.. ChildProcesses.Of(server.Id).Select(Process.GetProcessById)];
        server.Kill();
        foreach (Process process in (Process[])[server, .. children])
        {
            await process.WaitForExitAsync().WaitAsync(Deadline);
            process.Dispose();
        }
    }

    /// <summary>The first column of a query's result.</summary>
    public async Task<string[]> QueryAsync(string sql, string? database = null)
    {
        await using var connection = new NpgsqlConnection((database ?? ConnectionString) + ";Pooling=false");
        await connection.OpenAsync();
#pragma warning disable CA2100 // The query is a test's constant.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync();
        List<string> values = [];
        while (await rows.ReadAsync())
        {
            values.Add(rows.GetValue(0).ToString()!);
        }

        return [.. values];
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            await AsUserAsync("pg_ctl", "stop", "-w", "-m", "immediate", "-D", Data);
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private Task AsUserAsync(string program, params string[] arguments)
    {
        string path = Path.Combine(_binaries, program);
        return Environment.IsPrivilegedProcess
            ? RunAsync("setpriv", [$"--reuid={User}", "--clear-groups", "--", path, .. arguments])
            : RunAsync(path, arguments);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // The server inherits the streams: pipes would stay open as long as it runs.
        using Process process = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" > /dev/null 2>&1 < /dev/null", "sh", program, .. arguments])
            {
                WorkingDirectory = "/",
            }
        )!;
        await process.WaitForExitAsync().WaitAsync(Deadline);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} exited with {process.ExitCode}.");
        }
    }
}
