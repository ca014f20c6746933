using System.Diagnostics;
using System.Text;

namespace RunSupport;

/// <summary>Runs the icpo executable in the directory of the calling program.</summary>
public static class IcpoProcess
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    /// <summary>The path of the executable.</summary>
    public static string Executable => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "icpo.exe" : "icpo");

    public static Task<ProcessEnd> RunAsync(params string[] arguments) => RunAsync(new ProcessOptions(), arguments);

    /// <exception cref="TimeoutException">The process did not end within five minutes.</exception>
    public static async Task<ProcessEnd> RunAsync(ProcessOptions options, params string[] arguments)
    {
        long started = Stopwatch.GetTimestamp();
        using Process process = Start(options, arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string head = options.Since is { } text ? await ReadToAsync(process, text) : "";
        options.OnceSeen?.Invoke();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(options.KillAfter ?? Deadline);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: options.KillAfter is null);
            await process.WaitForExitAsync();
            if (options.KillAfter is null)
            {
                throw new TimeoutException(
                    $"icpo {string.Join(' ', arguments)} did not end within {Deadline}:\n{head}{await output}{await errors}"
                );
            }
        }

        return new ProcessEnd(process.ExitCode, head + await output, await errors, Stopwatch.GetElapsedTime(started));
    }

    public static Process Start(params string[] arguments) => Start(new ProcessOptions(), arguments);

    /// <summary>Starts icpo without the ICPO variables of this process; both outputs are redirected.</summary>
    public static Process Start(ProcessOptions options, params string[] arguments) => StartProgram(Executable, options, arguments);

    /// <summary>As <see cref="Start(ProcessOptions, string[])"/>, for another program, such as one that starts icpo.</summary>
    public static Process StartProgram(string program, ProcessOptions options, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = options.Directory ?? "",
        };
        foreach (string name in start.Environment.Keys.Where(key => key.StartsWith("ICPO_", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        // Profiling for later optimization costs a process of seconds a tenth of its time.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach ((string name, string value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        if (options.Fault is { } fault)
        {
            start.Environment["ICPO_FAULT"] = fault;
        }

        return Process.Start(start)!;
    }

    private static async Task<string> ReadToAsync(Process process, string text)
    {
        var output = new StringBuilder();
        using var deadline = new CancellationTokenSource(Deadline);
        while (
            !output.ToString().Contains(text, StringComparison.Ordinal)
            && await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line
        )
        {
            output.AppendLine(line);
        }

        return output.ToString();
    }
}
