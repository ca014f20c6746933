using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.RunFiles.Inspection;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo inspect</c>.</summary>
internal static class InspectCommand
{
    public static Command Create(Terminal terminal)
    {
        var directory = new Argument<string>("DIR") { Description = "Directory of the run; it may be going on." };
        var update = new Option<long?>("--update") { Description = "Groups that this update trained on.", HelpName = "N" };
        var group = new Option<string?>("--group") { Description = "This group, by its number.", HelpName = "ID" };
        var origin = new Option<string?>("--origin") { Description = "Rollouts of this origin: policy or expert.", HelpName = "ORIGIN" };
        var verdict = new Option<string?>("--verdict")
        {
            Description = $"Rollouts with this verdict: {Names<Verdict>()}.",
            HelpName = "VERDICT",
        };
        var limit = new Option<int>("--limit")
        {
            Description = "Groups at most; 0 shows all.",
            HelpName = "N",
            DefaultValueFactory = _ => 10,
        };
        var json = new Option<bool>("--json") { Description = "Writes JSON." };
        var command = new ExampledCommand(
            "inspect",
            "Groups of a run with their rollouts: text, verdict, reward, advantage at the update that trained on them, weight versions, staleness.",
            "icpo inspect runs/grpo-2 --update 12\nicpo inspect runs/grpo-2 --origin expert --verdict correct --limit 3 --json"
        )
        {
            directory,
            update,
            group,
            origin,
            verdict,
            limit,
            json,
        };
        command.SetAction(parsed =>
        {
            EvalCommand.AtLeast(0, parsed.GetValue(limit), "--limit");
            var filter = new InspectionFilter(
                parsed.GetValue(update) is { } number
                    ? new PolicyVersion(number >= 1 ? number : throw new UsageException($"--update {number}: updates are numbered from 1."))
                    : null,
                parsed.GetValue(group) is { } id ? Group(id) : null,
                parsed.GetValue(origin) is { } from ? Named<Origin>("--origin", from) : null,
                parsed.GetValue(verdict) is { } said ? Named<Verdict>("--verdict", said) : null
            );
            var journal = RunJournal.Open(parsed.GetRequiredValue(directory));
            terminal.Say(journal.Notes);
            Within(journal, filter);
            IEnumerable<InspectedGroup> groups = new GroupInspector(journal).Groups(filter);
            int most = parsed.GetValue(limit) > 0 ? parsed.GetValue(limit) : int.MaxValue;
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(JsonOutput.Array(groups.Take(most), Json).ToJsonString(JsonOutput.Indented));
                return ExitCode.Done;
            }

            int shown = 0;
            foreach (InspectedGroup found in groups.Take(most))
            {
                shown++;
                Say(found, terminal.Out);
            }

            terminal.Out.WriteLine(
                shown == 0 ? "No group of the run is like that."
                : shown == most ? $"{shown} groups; --limit shows more."
                : $"{shown} groups."
            );
            return ExitCode.Done;
        });
        return command;
    }

    private static void Within(RunJournal journal, InspectionFilter filter)
    {
        if (filter.Update is { } wanted && wanted > journal.State.Committed.Next())
        {
            throw new UsageException($"--update {wanted.Value}: the run has made {journal.State.Committed.Value}.");
        }

        if (filter.Update is { } early && journal.Updates is [JournalUpdate first, ..] && early < first.Version)
        {
            throw new UsageException($"--update {early.Value}: the journal's events before update {first.Version.Value} are deleted.");
        }
    }

    private static void Say(InspectedGroup group, TextWriter output)
    {
        output.WriteLine($"Group {group.Id.Value}, {Fate(group)}{(group.Spec is { } spec ? $", dispatched at {spec.DispatchedAt}" : "")}");
        output.WriteLine(
            group.Spec is null
                ? group.Fate == GroupFate.Open
                    ? "  (these rollouts wait for their siblings)"
                    : "  (no payload: rollouts of a group that is turned down are not kept, those that trained may be deleted)"
                : $"  question {group.Spec.Question.Id}: {OneLine(group.Spec.Question.Text)}  answer {OneLine(group.Spec.Question.Answer)}"
        );
        foreach (InspectedRollout rollout in group.Rollouts)
        {
            Rollout made = rollout.Member.Rollout;
            output.WriteLine(
                $"  {Name(made.Id), -4} {rollout.Member.Judgement.Verdict, -11} reward {Number(rollout.Reward), 6}  advantage {Number(rollout.Advantage), 7}  {Versions(made), -9} staleness {rollout.Staleness}  {made.Tokens.Length} tokens, {made.Finish}{(made.Demonstrations.IsEmpty ? "" : $", after {string.Join(" ", made.Demonstrations)}")}"
            );
            output.WriteLine($"       {OneLine(made.Text)}{(rollout.Member.Judgement.Detail is { } why ? $"   ({why})" : "")}");
        }

        foreach (DroppedRollout dropped in group.Dropped)
        {
            output.WriteLine($"  {Name(dropped.Id), -4} dropped: {dropped.Reason}, {dropped.Tokens} tokens");
        }

        output.WriteLine();
    }

    private static JsonObject Json(InspectedGroup group) =>
        new()
        {
            ["group"] = group.Id.Value,
            ["fate"] = group.Fate.ToString(),
            ["update"] = group.Update?.Value,
            ["rejection"] = group.Rejection?.ToString(),
            ["dispatched_at"] = group.Spec?.DispatchedAt.Value,
            ["question"] = group.Spec?.Question.Text,
            ["answer"] = group.Spec?.Question.Answer,
            ["tags"] = group.Spec is { } spec
                ? new JsonObject(spec.Question.Tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value)))
                : null,
            ["rollouts"] = JsonOutput.Array(group.Rollouts, rollout => new JsonObject
            {
                ["origin"] = OriginName(rollout.Member.Rollout.Origin),
                ["sibling"] = rollout.Member.Rollout.Id.Sibling,
                ["text"] = rollout.Member.Rollout.Text,
                ["verdict"] = rollout.Member.Judgement.Verdict.ToString(),
                ["detail"] = rollout.Member.Judgement.Detail,
                ["reward"] = rollout.Reward,
                ["advantage"] = rollout.Advantage,
                ["tokens"] = rollout.Member.Rollout.Tokens.Length,
                ["versions"] = JsonOutput.Array(rollout.Member.Rollout.Versions.Distinct(), version => JsonValue.Create(version)),
                ["staleness"] = rollout.Staleness,
                ["finish"] = rollout.Member.Rollout.Finish.ToString(),
                ["demonstrations"] = JsonOutput.Array(rollout.Member.Rollout.Demonstrations, id => JsonValue.Create(id)),
            }),
            ["dropped"] = JsonOutput.Array(group.Dropped, dropped => new JsonObject
            {
                ["origin"] = OriginName(dropped.Id.Origin),
                ["sibling"] = dropped.Id.Sibling,
                ["reason"] = dropped.Reason.ToString(),
                ["tokens"] = dropped.Tokens,
            }),
        };

    private static string Fate(InspectedGroup group) =>
        group.Fate switch
        {
            GroupFate.Consumed => $"trained by update {group.Update!.Value.Value}",
            GroupFate.Prepared => $"prepared for update {group.Update!.Value.Value}",
            GroupFate.Buffered => "waiting",
            GroupFate.Open => "open",
            _ => $"turned down: {group.Rejection}",
        };

    private static GroupId Group(string text) =>
        long.TryParse(text.AsSpan(text is ['g', ..] ? 1 : 0), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? new GroupId(number)
            : throw new UsageException($"--group {text}: write the group's number, for example 12.");

    private static T Named<T>(string option, string text)
        where T : struct, Enum =>
        Enum.TryParse(text, ignoreCase: true, out T value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0])
            ? value
            : throw new UsageException($"{option} {text}: it must be one of {Names<T>()}.");

    private static string Names<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant()));

    private static string Versions(Rollout rollout) =>
        rollout.Versions switch
        {
            [] => "",
            [long first, .., long last] when first != last => $"v{first}-v{last}",
            [long first, ..] => $"v{first}",
        };

    private static string Name(RolloutId id) => $"{(id.Origin == Origin.Policy ? "p" : "e")}{id.Sibling}";

    private static string OriginName(Origin origin) => origin == Origin.Policy ? "policy" : "expert";

    private static string Number(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";

    private static string OneLine(string text) => text.Trim().ReplaceLineEndings("⏎");
}
