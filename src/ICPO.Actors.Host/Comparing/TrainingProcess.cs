using System.Diagnostics;
using System.Runtime.InteropServices;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.Host.Comparing;

/// <summary>Starts or resumes a run in a child process.</summary>
internal static class TrainingProcess
{
    private const string AcceptOption = "--accept-changed-inputs";
    private static readonly TimeSpan FormerEnd = TimeSpan.FromSeconds(20);

    /// <param name="configuration">The configuration of the run.</param>
    /// <param name="signals">Requests to stop, which are passed on.</param>
    /// <param name="acceptChangedInputs">Continue a run whose inputs have changed since it started.</param>
    /// <exception cref="FailedRunException">The run failed.</exception>
    /// <exception cref="IOException">The run did not start.</exception>
    public static async Task<RunSummary> RunAsync(IcpoConfiguration configuration, StopSignals signals, bool acceptChangedInputs)
    {
        var directory = new RunDirectory(configuration.Settings.Directory);
        string file = configuration.Settings.Directory + ".conf";
        bool resume = File.Exists(directory.EffectiveConfiguration);
        if (!resume)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            await File.WriteAllTextAsync(file, configuration.Render());
        }
        else
        {
            await WaitForFormerAsync(directory);
        }

        // Its input ends with this process, however this process ends, and the run with it.
        ProcessStartInfo start = CreateStartInfo(resume ? Resume(directory.Path, acceptChangedInputs) : ["--config", file]);
        using Process child = Process.Start(start) ?? throw new IOException($"{start.FileName} cannot be started.");
        Task<string> output = child.StandardOutput.ReadToEndAsync();
        Task<string> errors = child.StandardError.ReadToEndAsync();
        using (signals.Token.Register(() => ForwardTermination(child, signals)))
        {
            await child.WaitForExitAsync();
        }

        await output;
        File.Delete(file);
        if (child.ExitCode is ExitCode.Done or ExitCode.Stopped && RunHistory.Read(directory.Path).Summary is { } summary)
        {
            return summary;
        }

        string message = (await errors).Trim().Replace("icpo: ", "");
        throw Directory.Exists(directory.Path)
            ? new FailedRunException(Path.Combine(directory.Path, "run.log"), new InvalidOperationException(message))
            : new IOException($"{Path.GetFileName(directory.Path)} did not start: {message}");
    }

    /// <summary>Waits for the training process of a comparison that was killed; the run names one that does not end.</summary>
    private static async Task WaitForFormerAsync(RunDirectory directory)
    {
        if (RunLock.Owner(directory) is not { } owner || owner.Host != Environment.MachineName)
        {
            return;
        }

        try
        {
            using var process = Process.GetProcessById(owner.Process);
            using var deadline = new CancellationTokenSource(FormerEnd);
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (Exception e) when (e is ArgumentException or OperationCanceledException)
        {
            // It has ended, or the run reports that it is in use.
        }
    }

    private static string[] Resume(string directory, bool acceptChangedInputs) =>
        acceptChangedInputs ? ["--resume", directory, AcceptOption] : ["--resume", directory];

    private static ProcessStartInfo CreateStartInfo(string[] options)
    {
        bool isDotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        string[] program = isDotnet ? [typeof(TrainingProcess).Assembly.Location] : [];
        var start = new ProcessStartInfo(Environment.ProcessPath!, [.. program, "train", .. options, ParentWatch.Option])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // The run file already contains the values of the environment.
        foreach (string variable in ConfigurationSources.ProcessEnvironment().Keys)
        {
            start.Environment.Remove(variable);
        }

        return start;
    }

    /// <summary>A child process receives a terminal's Ctrl-C itself; the other signals are sent on. A second SIGHUP does no harm.</summary>
    private static void ForwardTermination(Process child, StopSignals signals)
    {
        string? name = signals.Received switch
        {
            PosixSignal.SIGTERM => "-TERM",
            PosixSignal.SIGHUP => "-HUP",
            _ => null,
        };
        if (name is not null && !OperatingSystem.IsWindows())
        {
            using var kill = Process.Start("kill", [name, $"{child.Id}"]);
        }
    }
}
