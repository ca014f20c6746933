using System.CommandLine;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Hosting;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.RunFiles.Replay;
using ICPO.Actors.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo replay</c>.</summary>
internal static class ReplayCommand
{
    public static Command Create(Terminal terminal, StopSignals signals)
    {
        Argument<string> directory = CommonOptions.RunDirectory();
        var until = new Option<long?>("--until") { Description = "Last update to replay; all if omitted.", HelpName = "N" };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Directory for the final checkpoint (must not exist).",
            HelpName = "DIR",
        };
        var bisect = new Option<string?>("--bisect")
        {
            Description = "Stop at the first update whose metric crosses a bound.",
            HelpName = "METRIC>BOUND",
        };
        var json = new Option<bool>("--json") { Description = "Write one JSON object per line." };
        Option<bool> accept = ResumeRequest.AcceptChangedInputs();
        var command = new CommandWithExamples(
            "replay",
            "Repeats the updates of a run from the base model and the journal, and checks that every update gives the recorded weights "
                + "byte for byte. Exit code 1 if an update differs or --bisect finds none.",
            [
                "icpo replay runs/grpo-2",
                "icpo replay runs/grpo-2 --until 40 --output runs/grpo-2-at-40",
                "icpo replay runs/grpo-2 --bisect \"reward/mean/policy>0.5\"",
            ]
        )
        {
            directory,
            until,
            output,
            bisect,
            json,
            accept,
        };
        command.SetAction(
            (parsed, _) =>
                RunAsync(
                    new ReplayRequest(
                        parsed.GetRequiredValue(directory),
                        parsed.GetValue(until),
                        parsed.GetValue(output),
                        parsed.GetValue(bisect) is { } text ? MetricBound.Parse(text) : null,
                        parsed.GetValue(accept)
                    ),
                    new ReplayView(terminal.Out, parsed.GetValue(json)),
                    terminal,
                    signals.Token
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(ReplayRequest request, ReplayView view, Terminal terminal, CancellationToken stop)
    {
        if (Path.Exists(request.Output))
        {
            throw new UsageException($"--output {request.Output}: already exists; name a directory that does not exist.");
        }

        await using ServiceProvider services = new ServiceCollection().AddIcpo().BuildServiceProvider();
        RunContext plan = services.GetRequiredService<RunFactory>().OpenReadOnly(request.Directory, request.AcceptChangedInputs);
        terminal.WriteNotes(plan.Notes);
        var journal = RunJournal.Open(plan.Directory.Path);
        terminal.WriteNotes(journal.Notes);
        await using RunReplay replay = await RunReplay.BeginAsync(journal, plan.Backend, stop);
        long last = LastUpdate(request.Until, replay);
        view.Begin(plan, replay, last);
        ReplayedUpdate? crossed = null;
        await foreach (ReplayedUpdate update in replay.UpdatesAsync(new PolicyVersion(last), stop))
        {
            view.Write(update);
            if (!update.IsSame)
            {
                terminal.WriteError(
                    $"update {update.Recorded.Version.Value} gives weights {update.WeightsSha256}, but the journal has "
                        + $"{update.Recorded.WeightsSha256}. Previous updates are identical. The model, the configuration, the machine or "
                        + $"a payload differs from that of the run.{OtherHardware(update.Recorded, replay)}"
                );
                return ExitCode.Failed;
            }

            if (request.Bound?.IsCrossedBy(update) == true)
            {
                crossed = update;
                break;
            }
        }

        if (request.Output is { } path)
        {
            await replay.SaveAsync(path, CancellationToken.None);
        }

        view.End(crossed?.Recorded.Version.Value ?? last, request.Bound, crossed, request.Output);
        return request.Bound is not null && crossed is null ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>A sentence if the update was computed on other hardware; otherwise empty.</summary>
    private static string OtherHardware(JournalUpdate recorded, RunReplay replay) =>
        recorded.Hardware.Length == 0 || recorded.Hardware == replay.Hardware
            ? ""
            : $" It was computed on {recorded.Hardware}; this is {replay.Hardware}.";

    private static long LastUpdate(long? until, RunReplay replay)
    {
        PolicyVersion first = replay.From?.Version ?? PolicyVersion.Base;
        long last = until ?? replay.Last.Value;
        return last >= first.Value && last <= replay.Last.Value
            ? last
            : throw new UsageException(
                $"--until {last}: must be from {first.Value} to {replay.Last.Value}, the updates of the run that can be replayed."
            );
    }

    /// <summary>The run to replay.</summary>
    private sealed record ReplayRequest(string Directory, long? Until, string? Output, MetricBound? Bound, bool AcceptChangedInputs);
}
