using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EndToEnd.Tests;

/// <summary>
/// A run that an earlier version wrote and that was killed, resumed by the real executable of today (StoredRun/README.md).
/// </summary>
public sealed class StoredRunTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);
    private static readonly string Stored = Repository.In("tests", "EndToEnd.Tests", "StoredRun");

    // The same instructions on every processor, so that the results can be compared byte for byte.
    private static readonly Dictionary<string, string> Portable = new()
    {
        ["ATEN_CPU_CAPABILITY"] = "default",
        ["MKL_CBWR"] = "COMPATIBLE",
        ["ONEDNN_MAX_CPU_ISA"] = "SSE41",
        ["DOTNET_EnableAVX512F"] = "0",
        ["DOTNET_EnableAVX512"] = "0",
        ["OMP_NUM_THREADS"] = "1",
    };

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_killed_run_of_an_earlier_version_resumes_to_the_recorded_bytes_and_replays()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64,
            "The recorded bytes are those of libtorch for Linux on x64."
        );
        foreach (string file in Directory.EnumerateFiles(Stored, "*", SearchOption.AllDirectories))
        {
            string copy = _folder.In(Path.GetRelativePath(Stored, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        await ExpectSuccessAsync("train", "--resume", "run");

        string checkpoint = Path.Combine(_folder.Path, "run", "checkpoints", "update-000006");
        string[] hashes =
        [
            .. Directory
                .EnumerateFiles(checkpoint)
                .Order(StringComparer.Ordinal)
                .Select(file => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}  {Path.GetFileName(file)}"),
        ];
        Assert.Equal(File.ReadAllLines(Path.Combine(Stored, "expected.sha256")), hashes);
        await ExpectSuccessAsync("replay", "run");
        await ExpectSuccessAsync("ledger", "run");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Runs a command in the temporary folder, since the stored configuration names the base model relative to it.</summary>
    private async Task ExpectSuccessAsync(params string[] arguments)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "icpo"), arguments)
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("ICPO_", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach ((string name, string value) in Portable)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(),
            errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"icpo {string.Join(' ', arguments)} did not end within {Deadline}.");
        }

        Assert.True(process.ExitCode == 0, $"icpo {string.Join(' ', arguments)}: {process.ExitCode}\n{await output}\n{await errors}");
    }
}
