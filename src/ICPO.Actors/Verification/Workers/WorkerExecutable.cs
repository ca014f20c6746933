using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;

namespace ICPO.Actors.Verification.Workers;

/// <summary>The command that starts a worker process.</summary>
/// <param name="FileName">The program.</param>
/// <param name="Arguments">The arguments before <see cref="VerifierWorker.Command"/>.</param>
public sealed record WorkerExecutable(string FileName, ImmutableArray<string> Arguments)
{
    private const string Name = "icpo";

    /// <summary>
    /// The configured one; else this process's own, if it is <c>icpo</c>; else <c>icpo</c> in the host app's directory.
    /// </summary>
    /// <param name="configured">A program or a .dll that calls <see cref="VerifierWorker.Serve"/> for the argument <c>verify-worker</c>;
    /// empty searches for icpo.</param>
    /// <returns>Null if none is found.</returns>
    /// <exception cref="ArgumentException">The configured one does not exist.</exception>
    public static WorkerExecutable? Find(string configured = "")
    {
        ArgumentNullException.ThrowIfNull(configured);
        if (configured.Length > 0)
        {
            return File.Exists(configured)
                ? Create(Path.GetFullPath(configured))
                : throw new ArgumentException(
                    $"icpo.verification.executable = {configured}: no such file; "
                        + $"set it to a program that supports {VerifierWorker.Command}, or leave the key empty.",
                    nameof(configured)
                );
        }

        if (Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == Name)
        {
            return new(own, []);
        }

        if (Assembly.GetEntryAssembly() is { } entry && entry.GetName().Name == Name && entry.Location.Length > 0)
        {
            return Create(entry.Location);
        }

        string beside = Path.Combine(AppContext.BaseDirectory, Name);
        return new[] { OperatingSystem.IsWindows() ? beside + ".exe" : beside, beside + ".dll" }
            .Where(File.Exists)
            .Select(Create)
            .FirstOrDefault();
    }

    internal ProcessStartInfo StartInfo(int megabytes)
    {
        var start = new ProcessStartInfo(FileName, [.. Arguments, VerifierWorker.Command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };

        // The runtime enforces the limit (hexadecimal bytes); a worker needs neither the server nor the concurrent collector.
        start.Environment["DOTNET_GCHeapHardLimit"] = ((long)megabytes << 20).ToString(
            "X",
            System.Globalization.CultureInfo.InvariantCulture
        );
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        return start;
    }

    private static WorkerExecutable Create(string path)
    {
        if (!path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
        {
            return new(path, []);
        }

        bool underDotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        return new(underDotnet ? Environment.ProcessPath! : "dotnet", [path]);
    }
}
