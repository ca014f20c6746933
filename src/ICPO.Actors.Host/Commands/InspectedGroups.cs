using System.Text.Json.Nodes;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Host.Views;
using ICPO.Actors.RunFiles.Inspection;

namespace ICPO.Actors.Host.Commands;

/// <summary>Groups of a run as text and as JSON.</summary>
internal static class InspectedGroups
{
    public static void Write(InspectedGroup group, TextWriter output)
    {
        output.WriteLine($"Group {group.Id.Value}, {Fate(group)}{(group.Spec is { } spec ? $", dispatched at {spec.DispatchedAt}" : "")}");
        output.WriteLine($"  {Question(group)}");
        foreach (InspectedRollout rollout in group.Rollouts)
        {
            Write(rollout, output);
        }

        foreach (DroppedRollout dropped in group.Dropped)
        {
            Write(dropped, group.TextOf(dropped), output);
        }

        output.WriteLine();
    }

    private static void Write(DroppedRollout dropped, RejectedRollout? text, TextWriter output)
    {
        string verdict = text is null ? "" : $"{text.Verdict}, reward {Number(text.Reward)}, ";
        output.WriteLine($"  {Name(dropped.Id), -4} dropped: {dropped.Reason}, {verdict}{dropped.Tokens} tokens");
        if (text is not null)
        {
            output.WriteLine($"       {SingleLine(text.Text)}{(text.Detail is { } detail ? $"   ({detail})" : "")}");
        }
    }

    private static void Write(InspectedRollout inspected, TextWriter output)
    {
        (Rollout rollout, Judgment judgment) = (inspected.Member.Rollout, inspected.Member.Judgment);
        string demonstrations = rollout.Demonstrations.IsEmpty ? "" : $", after {string.Join(" ", rollout.Demonstrations)}";
        output.WriteLine(
            $"  {Name(rollout.Id), -4} {judgment.Verdict, -11} reward {Number(inspected.Reward), 6}  "
                + $"advantage {Number(inspected.Advantage), 7}  {Versions(rollout), -9} staleness {inspected.Staleness}  "
                + $"{rollout.Tokens.Length} tokens, {rollout.Finish}{demonstrations}"
        );
        output.WriteLine($"       {SingleLine(rollout.Text)}{(judgment.Detail is { } detail ? $"   ({detail})" : "")}");
    }

    public static JsonObject ToJson(InspectedGroup group) =>
        new()
        {
            ["group"] = group.Id.Value,
            ["fate"] = group.Fate.ToString(),
            ["update"] = group.Update?.Value,
            ["rejection"] = group.Rejection?.ToString(),
            ["dispatched_at"] = group.Spec?.DispatchedAt.Value,
            ["question"] = group.Spec?.Question.Text ?? group.Rejected.FirstOrDefault()?.Question,
            ["answer"] = group.Spec?.Question.Answer ?? group.Rejected.FirstOrDefault()?.Answer,
            ["tags"] = group.Spec is { } spec
                ? new JsonObject(spec.Question.Tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value)))
                : null,
            ["rollouts"] = JsonOutput.Array(group.Rollouts, ToJson),
            ["dropped"] = JsonOutput.Array(group.Dropped, dropped => new JsonObject
            {
                ["origin"] = OriginName(dropped.Id.Origin),
                ["sibling"] = dropped.Id.Sibling,
                ["reason"] = dropped.Reason.ToString(),
                ["tokens"] = dropped.Tokens,
                ["text"] = group.TextOf(dropped)?.Text,
                ["verdict"] = group.TextOf(dropped)?.Verdict,
                ["detail"] = group.TextOf(dropped)?.Detail,
                ["reward"] = group.TextOf(dropped)?.Reward,
            }),
        };

    private static JsonObject ToJson(InspectedRollout inspected)
    {
        (Rollout rollout, Judgment judgment) = (inspected.Member.Rollout, inspected.Member.Judgment);
        return new()
        {
            ["origin"] = OriginName(rollout.Origin),
            ["sibling"] = rollout.Id.Sibling,
            ["text"] = rollout.Text,
            ["verdict"] = judgment.Verdict.ToString(),
            ["detail"] = judgment.Detail,
            ["reward"] = inspected.Reward,
            ["advantage"] = inspected.Advantage,
            ["tokens"] = rollout.Tokens.Length,
            ["versions"] = JsonOutput.Array(rollout.Versions.Distinct(), version => JsonValue.Create(version)),
            ["staleness"] = inspected.Staleness,
            ["finish"] = rollout.Finish.ToString(),
            ["demonstrations"] = JsonOutput.Array(rollout.Demonstrations, id => JsonValue.Create(id)),
        };
    }

    private static string Fate(InspectedGroup group) =>
        group.Fate switch
        {
            GroupFate.Consumed => $"trained by update {group.Update!.Value.Value}",
            GroupFate.Prepared => $"prepared for update {group.Update!.Value.Value}",
            GroupFate.Buffered => "buffered",
            GroupFate.Open => "open",
            _ => $"rejected: {group.Rejection}",
        };

    private static string Question(InspectedGroup group)
    {
        if (group.Spec is { Question: { } question })
        {
            return $"question {question.Id}: {SingleLine(question.Text)}  answer {SingleLine(question.Answer)}";
        }

        if (group.Rejected is [RejectedRollout kept, ..])
        {
            return $"question: {SingleLine(kept.Question)}  answer {SingleLine(kept.Answer)}";
        }

        return group.Fate == GroupFate.Open
            ? "(these rollouts wait for the rest of their group)"
            : "(no payload and no text: metrics.rejected-per-update bounds what is kept of rejected groups; others may be deleted)";
    }

    private static string Versions(Rollout rollout) =>
        rollout.Versions switch
        {
            [] => "",
            [long first, .., long last] when first != last => $"v{first}-v{last}",
            [long first, ..] => $"v{first}",
        };

    private static string Name(RolloutId id) => $"{(id.Origin == Origin.Policy ? "p" : "e")}{id.Sibling}";

    private static string OriginName(Origin origin) => origin == Origin.Policy ? "policy" : "expert";

    private static string Number(double? value) => value is { } number ? Format.Fixed(number, 3) : "-";

    private static string SingleLine(string text) => text.Trim().ReplaceLineEndings("⏎");
}
