using System.Diagnostics;

namespace EndToEnd.Tests;

/// <summary>Limits of the system that are too low are named.</summary>
public sealed class LowLimitTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(200)]
    public async Task A_limit_of_open_files_that_is_too_low_is_named(int limit)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Limits of a process are read from /proc.");
        string icpo = Path.Combine(AppContext.BaseDirectory, "icpo");
        using Process process = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", $"ulimit -n {limit} && exec \"$0\" train --set run.updates=1", icpo])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }
        )!;
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, process.ExitCode);
        Assert.StartsWith("icpo: ", errors);
        Assert.Contains($"{limit}", errors);
        Assert.Contains("ulimit -n", errors);
    }
}
