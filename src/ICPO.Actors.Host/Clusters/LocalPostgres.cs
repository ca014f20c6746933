using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace ICPO.Actors.Host.Clusters;

/// <summary>
/// A PostgreSQL server of this machine for one cluster, from the installed programs: on a free port of the loopback address, with its data
/// in a persistent folder. The server cannot run as root, so root starts it as the user nobody.
/// </summary>
internal sealed class LocalPostgres : IAsyncDisposable
{
    private const string Installed = "/usr/lib/postgresql";
    private const string Unprivileged = "nobody";
    private const string User = "icpo";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);
    private readonly string _folder;
    private readonly string _programs;
    private readonly int _port;

    private LocalPostgres(string folder, string programs, int port) => (_folder, _programs, _port) = (folder, programs, port);

    /// <summary>The folder of the programs; null if they are not installed.</summary>
    public static string? Programs =>
        OperatingSystem.IsLinux() && Directory.Exists(Installed)
            ? Directory
                .EnumerateDirectories(Installed)
                .OrderByDescending(path =>
                    int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out int version) ? version : 0
                )
                .Select(path => Path.Combine(path, "bin"))
                .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            : null;

    /// <summary>The connection string of the journal, without the password.</summary>
    public string Connection => $"postgres://{User}@127.0.0.1:{_port}/postgres";

    /// <summary>The password; the processes of the cluster get it in their environment.</summary>
    public required string Password { get; init; }

    /// <summary>The command that restarts it with the same data and port.</summary>
    public string StartCommand =>
        $"{(Environment.IsPrivilegedProcess ? $"setpriv --reuid={Unprivileged} --clear-groups -- " : "")}"
        + $"{Path.Combine(_programs, "pg_ctl")} start -w -D {Data} -o '{ServerOptions}'";

    /// <summary>Creates the data folder and starts the server.</summary>
    /// <param name="folder">The folder of its data.</param>
    /// <param name="programs">The folder of the programs.</param>
    /// <exception cref="IOException">A program fails; names it and its log.</exception>
    public static async Task<LocalPostgres> StartAsync(string folder, string programs)
    {
        Directory.CreateDirectory(folder);
        var server = new LocalPostgres(folder, programs, FreePorts.Take(1)[0])
        {
            Password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
        };
        string password = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(password, server.Password);
        if (Environment.IsPrivilegedProcess)
        {
            await server.RunAsync("chown", "-R", Unprivileged, folder);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await server.AsUserAsync("initdb", "-D", server.Data, "-U", User, "-A", "scram-sha-256", $"--pwfile={password}", "-E", "UTF8");
        await server.AsUserAsync("pg_ctl", "start", "-w", "-D", server.Data, "-l", server.Log, "-o", server.ServerOptions);
        return server;
    }

    /// <summary>Stops the server; its data is kept.</summary>
    public async ValueTask DisposeAsync() => await AsUserAsync("pg_ctl", "stop", "-w", "-m", "fast", "-D", Data);

    private string Data => Path.Combine(_folder, "data");

    private string Log => Path.Combine(_folder, "server.log");

    private string ServerOptions => $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=";

    private Task AsUserAsync(string program, params string[] arguments)
    {
        string path = Path.Combine(_programs, program);
        return Environment.IsPrivilegedProcess
            ? RunAsync("setpriv", [$"--reuid={Unprivileged}", "--clear-groups", "--", path, .. arguments])
            : RunAsync(path, arguments);
    }

    /// <summary>The server inherits the streams, so its programs write to a file instead of pipes that would stay open.</summary>
    private async Task RunAsync(string program, params string[] arguments)
    {
        string output = Path.Combine(_folder, "programs.log");
        using Process process = Process.Start(
            new ProcessStartInfo(
                "/bin/sh",
                ["-c", "exec >> \"$1\" 2>&1 < /dev/null; shift; exec \"$@\"", "sh", output, program, .. arguments]
            )
            {
                WorkingDirectory = "/",
            }
        )!;
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new IOException($"{program} did not end within {Deadline.TotalSeconds:0} s; see {output}.");
        }

        if (process.ExitCode != 0)
        {
            throw new IOException(
                $"{Path.GetFileName(program)} exited with {process.ExitCode}; see {output}. Set journal.connection-string to a server."
            );
        }
    }
}
