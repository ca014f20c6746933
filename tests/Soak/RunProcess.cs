using System.Diagnostics;
using System.Text;

namespace ICPO.Actors.Soak;

/// <summary>How a process of the real executable ended.</summary>
/// <param name="ExitCode">137 where it was killed.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
/// <param name="Lived">From its start to its end.</param>
internal sealed record ProcessEnd(int ExitCode, string Output, string Errors, TimeSpan Lived)
{
    public const int Killed = 137;

    public override string ToString() => $"exit code {ExitCode} after {Lived.TotalSeconds:0.0} s\n{Output}{Errors}";
}

/// <summary>The real executable, which is killed (as <c>kill -9</c> does) at a fault point or after a time.</summary>
internal static class RunProcess
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    /// <param name="arguments">Of <c>icpo</c>.</param>
    /// <param name="fault">Where it kills itself; null is nowhere.</param>
    /// <param name="killAfter">When it is killed, if it still runs then; null is never.</param>
    /// <param name="since">The time begins when it says this; null is at its start.</param>
    public static async Task<ProcessEnd> RunAsync(
        string[] arguments,
        string? fault = null,
        TimeSpan? killAfter = null,
        string? since = null
    )
    {
        long started = Stopwatch.GetTimestamp();
        using Process process = Start(arguments, fault);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string said = since is null ? "" : await ReadToAsync(process, since);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        using var patience = new CancellationTokenSource(killAfter ?? Deadline);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync();
            if (killAfter is null)
            {
                throw new TimeoutException(
                    $"icpo {string.Join(' ', arguments)} did not end within {Deadline}:\n{said}{await output}{await errors}"
                );
            }
        }

        return new ProcessEnd(process.ExitCode, said + await output, await errors, Stopwatch.GetElapsedTime(started));
    }

    private static async Task<string> ReadToAsync(Process process, string text)
    {
        var said = new StringBuilder();
        using var deadline = new CancellationTokenSource(Deadline);
        while (
            !said.ToString().Contains(text, StringComparison.Ordinal)
            && await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line
        )
        {
            said.AppendLine(line);
        }

        return said.ToString();
    }

    public static Process Start(string[] arguments, string? fault = null)
    {
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "icpo.exe" : "icpo"),
            arguments
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(key => key.StartsWith("ICPO_", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        if (fault is not null)
        {
            start.Environment["ICPO_FAULT"] = fault;
        }

        return Process.Start(start)!;
    }
}
