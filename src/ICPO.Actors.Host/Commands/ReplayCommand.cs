using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
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
        var directory = new Argument<string>("DIR") { Description = "Directory of the run; it may be going on." };
        var until = new Option<long?>("--until") { Description = "The last update to make; left out: all.", HelpName = "N" };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Writes a checkpoint of the weights at the end here; nothing may be there yet.",
            HelpName = "DIR",
        };
        var bisect = new Option<string?>("--bisect")
        {
            Description = "Stops at the first update after which a metric crosses a bound.",
            HelpName = "METRIC>BOUND",
        };
        var json = new Option<bool>("--json") { Description = "Writes one JSON object a line." };
        var command = new ExampledCommand(
            "replay",
            "Makes the updates of a run again from the base model and the journal; every update must give the recorded weights, byte for byte. Exit code 1 where one differs, or where --bisect finds nothing.",
            "icpo replay runs/grpo-2\nicpo replay runs/grpo-2 --until 40 --output runs/grpo-2-at-40\nicpo replay runs/grpo-2 --bisect \"reward/policy>0.5\""
        )
        {
            directory,
            until,
            output,
            bisect,
            json,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                MetricBound? bound = parsed.GetValue(bisect) is { } text ? MetricBound.Parse(text) : null;
                string? save = parsed.GetValue(output);
                if (Path.Exists(save))
                {
                    throw new UsageException($"--output {save}: something is there already; choose another.");
                }

                await using ServiceProvider services = new ServiceCollection().AddIcpo().BuildServiceProvider();
                RunPlan plan = services.GetRequiredService<RunPlans>().Look(parsed.GetRequiredValue(directory));
                var journal = RunJournal.Open(plan.Directory.Path);
                terminal.Say(journal.Notes);
                await using RunReplay replay = await RunReplay.BeginAsync(journal, plan.Backend, signals.Token);
                PolicyVersion first = replay.From?.Version ?? PolicyVersion.Base;
                long last = parsed.GetValue(until) ?? replay.Last.Value;
                if (last < first.Value || last > replay.Last.Value)
                {
                    throw new UsageException(
                        $"--until {last}: it must be from {first.Value} to {replay.Last.Value}, what of the run can be made again."
                    );
                }

                var view = new ReplayView(terminal.Out, parsed.GetValue(json));
                view.Begin(plan, replay, last);
                ReplayedUpdate? crossed = null;
                await foreach (ReplayedUpdate update in replay.UpdatesAsync(new PolicyVersion(last), signals.Token))
                {
                    view.Made(update);
                    if (!update.IsSame)
                    {
                        terminal.Error.WriteLine(
                            $"icpo: update {update.Recorded.Version.Value} gives weights {update.WeightsSha256}, but {update.Recorded.WeightsSha256} is recorded. The model, the configuration, the machine or a payload is another than the run's; updates before it are the same."
                        );
                        return ExitCode.Failed;
                    }

                    if (bound is not null)
                    {
                        RequireKnown(bound, update);
                        if (bound.IsCrossed(update.Metrics))
                        {
                            crossed = update;
                            break;
                        }
                    }
                }

                if (save is not null)
                {
                    await replay.SaveAsync(save, CancellationToken.None);
                }

                view.End(crossed?.Recorded.Version.Value ?? last, bound, crossed, save);
                return bound is not null && crossed is null ? ExitCode.Failed : ExitCode.Done;
            }
        );
        return command;
    }

    /// <summary>
    /// A metric that says nothing of expert rollouts is in every update, so a name that the first one lacks is most likely mistyped.
    /// </summary>
    private static void RequireKnown(MetricBound bound, ReplayedUpdate update)
    {
        if (!update.Metrics.ContainsKey(bound.Metric) && !bound.Metric.Contains("expert", StringComparison.Ordinal))
        {
            throw new UsageException($"--bisect: an update has no metric {bound.Metric}; it has {string.Join(", ", update.Metrics.Keys)}.");
        }
    }
}

/// <summary>Tells a replay, for a person or line by line as JSON.</summary>
internal sealed class ReplayView(TextWriter output, bool json)
{
    public void Begin(RunPlan plan, RunReplay replay, long last)
    {
        if (!json)
        {
            string from = replay.From is { } checkpoint
                ? $"checkpoint {checkpoint.Directory} (what was before it is deleted: journal.keep = checkpoint)"
                : "the base model";
            long first = (replay.From?.Version.Value ?? 0) + 1;
            output.WriteLine($"{plan.Directory.Path}: {(last < first ? "no update" : $"updates {first} to {last}")} again, from {from}");
            output.WriteLine($"{"update", 6} {"groups", 7} {"reward", 7} {"staleness", 10} {"max", 4}  weights       group numbers");
        }
    }

    public void Made(ReplayedUpdate update)
    {
        if (json)
        {
            output.WriteLine(
                new JsonObject
                {
                    ["update"] = update.Recorded.Version.Value,
                    ["same"] = update.IsSame,
                    ["weights_sha256"] = update.WeightsSha256,
                    ["recorded_sha256"] = update.Recorded.WeightsSha256,
                    ["groups"] = JsonOutput.Array(update.Recorded.Groups, group => JsonValue.Create(group.Group.Value)),
                    ["metrics"] = new JsonObject(
                        update.Metrics.Where(m => double.IsFinite(m.Value)).Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value))
                    ),
                }.ToJsonString()
            );
            return;
        }

        string reward = Number(update.Batch.Groups.Average(group => group.Group.Members.Average(member => member.Judgement.Reward!.Value)));
        output.WriteLine(
            $"{update.Recorded.Version.Value, 6} {update.Recorded.Groups.Length, 7} {reward, 7} {Number(update.Metrics["staleness/mean"]), 10} {update.Metrics["staleness/max"], 4:0}  {update.WeightsSha256[..12]}  {string.Join(' ', update.Recorded.Groups.Select(group => group.Group.Value))}"
        );
    }

    public void End(long made, MetricBound? bound, ReplayedUpdate? crossed, string? saved)
    {
        if (json)
        {
            return;
        }

        output.WriteLine($"The weights after update {made} are the run's own, byte for byte.");
        if (bound is not null)
        {
            output.WriteLine(
                crossed is null
                    ? $"No update has {bound}."
                    : $"Update {made} is the first with {bound}: it is {crossed.Metrics[bound.Metric].ToString("R", CultureInfo.InvariantCulture)}."
            );
        }

        if (saved is not null)
        {
            output.WriteLine($"Checkpoint: {saved}");
        }
    }

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
