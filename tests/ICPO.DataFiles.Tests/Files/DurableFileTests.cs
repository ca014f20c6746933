using System.Diagnostics;
using ICPO.DataFiles.Files;

namespace ICPO.DataFiles.Tests.Files;

public sealed class DurableFileTests : IDisposable
{
    private const string Tracer = "/usr/bin/strace";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_failed_write_leaves_the_previous_file_and_nothing_else()
    {
        string path = _folder.Write("state.json", "before");
        Assert.Throws<InvalidDataException>(() => DurableFile.Write(path, stream =>
            {
                stream.Write("after"u8);
                throw new InvalidDataException();
            }));
        Assert.Equal("before", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_failed_directory_leaves_the_previous_one_and_nothing_else()
    {
        string path = _folder.In("model");
        DurableFile.WriteDirectory(path, folder => File.WriteAllText(Path.Combine(folder, "weights"), "before"));
        Assert.Throws<InvalidDataException>(() => DurableFile.WriteDirectory(path, folder =>
            {
                File.WriteAllText(Path.Combine(folder, "weights"), "after");
                throw new InvalidDataException();
            }));
        Assert.Equal("before", File.ReadAllText(Path.Combine(path, "weights")));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    /// <summary>Without it a file whose writing was reported could be missing after a power failure.</summary>
    [Fact]
    public async Task A_file_and_then_its_new_name_are_synced_to_the_disk()
    {
        Assert.SkipUnless(File.Exists(Tracer), $"{Tracer} is not installed.");
        string path = _folder.In("state.json");
        string[] calls = await CallsAsync(() => DurableFile.Write(path, stream => stream.Write("{}"u8)));
        int file = Array.FindIndex(calls, call => call.Contains("fsync(", Ordinal) && call.Contains($"<{path}.", Ordinal));
        int named = Array.FindIndex(calls, call => call.Contains("rename", Ordinal) && call.Contains($"\"{path}\"", Ordinal));
        int directory = Array.FindLastIndex(calls, call => call.Contains("fsync(", Ordinal) && call.Contains($"<{_folder.Path}>", Ordinal));
        Assert.True(0 <= file && file < named && named < directory, string.Join('\n', calls));
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    /// <summary>The calls of this process to the kernel that sync or rename while something is done.</summary>
    private async Task<string[]> CallsAsync(Action act)
    {
        string log = _folder.In("calls");
        var start = new ProcessStartInfo(Tracer) { RedirectStandardError = true };
        foreach (
            string argument in new[]
            {
                "-f",
                "-y",
                "-e",
                "trace=fsync,rename,renameat,renameat2",
                "-o",
                log,
                "-p",
                Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture),
            }
        )
        {
            start.ArgumentList.Add(argument);
        }

        using Process tracer = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        string? first = await tracer.StandardError.ReadLineAsync(deadline.Token);
        Assert.SkipUnless(first?.Contains("attached", Ordinal) == true, $"strace cannot attach to this process: {first}");
        act();
        using (var stop = Process.Start("kill", ["-INT", $"{tracer.Id}"]))
        {
            await stop.WaitForExitAsync(deadline.Token);
        }

        await tracer.StandardError.ReadToEndAsync(deadline.Token);
        await tracer.WaitForExitAsync(deadline.Token);
        return await File.ReadAllLinesAsync(log, deadline.Token);
    }
}
