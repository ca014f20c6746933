using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Dashboard.Reading;
using ICPO.Actors.RunFiles.Inspection;

namespace ICPO.Actors.Dashboard.Api;

/// <summary>Groups and rollouts: short in lists, whole in details.</summary>
internal static class RolloutJson
{
    private const int SnippetLength = 160;

    /// <summary>A longer text is cut in details; its tokens can be paged.</summary>
    private const int MaxTextLength = 200_000;

    public static JsonObject Page(SearchPage page) =>
        new()
        {
            ["groups"] = Json.Array(page.Groups, found => ToJson(found.Row, found.Group, found.Error, whole: false)),
            ["next"] = page.Next,
            ["searched"] = page.Searched,
        };

    /// <param name="row">The group's events.</param>
    /// <param name="group">The group.</param>
    /// <param name="error">Why its payload cannot be read.</param>
    /// <param name="whole">Whole texts instead of their beginnings.</param>
    public static JsonObject ToJson(GroupRow row, InspectedGroup group, string? error, bool whole) =>
        new()
        {
            ["group"] = group.Id.Value,
            ["fate"] = Json.Name(group.Fate),
            ["update"] = group.Update?.Value,
            ["rejection"] = group.Rejection is { } rejection ? Json.Words(rejection) : null,
            ["dispatched_at"] = row.Entry.Stored?.DispatchedAt.Value ?? group.Spec?.DispatchedAt.Value,
            ["admitted_at"] = row.AdmittedAt,
            ["in_flight"] = row.InFlight,
            ["in_queue"] = row.InQueue,
            ["question_id"] = group.Spec?.Question.Id,
            ["question"] = Cut(group.Spec?.Question.Text ?? group.Rejected.FirstOrDefault()?.Question, whole),
            ["answer"] = Cut(group.Spec?.Question.Answer ?? group.Rejected.FirstOrDefault()?.Answer, whole),
            ["tags"] = group.Spec is { } spec
                ? new JsonObject(spec.Question.Tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value)))
                : null,
            ["error"] = error,
            ["rollouts"] = Json.Array(group.Rollouts, rollout => ToJson(rollout, row, whole)),
            ["dropped"] = Json.Array(group.Dropped, dropped => ToJson(dropped, group.TextOf(dropped), whole)),
        };

    /// <summary>Tokens of a rollout.</summary>
    /// <param name="inspected">The rollout.</param>
    /// <param name="texts">Their texts; null if the tokenizer cannot be read.</param>
    /// <param name="from">The first token.</param>
    /// <param name="count">How many.</param>
    public static JsonObject Tokens(InspectedRollout inspected, string[]? texts, int from, int count)
    {
        Rollout rollout = inspected.Member.Rollout;
        int start = Math.Min(from, rollout.Tokens.Length);
        Range range = start..Math.Min(start + count, rollout.Tokens.Length);
        return new()
        {
            ["total"] = rollout.Tokens.Length,
            ["from"] = start,
            ["ids"] = Json.Array(rollout.Tokens[range], id => JsonValue.Create(id)),
            ["texts"] = texts is null ? null : Json.Array(texts[range], text => JsonValue.Create(text)),
            ["log_probs"] = Json.Array(rollout.LogProbs[range], value => Json.Short(value)),
            ["versions"] = Json.Array(rollout.Versions[range], version => JsonValue.Create(version)),
        };
    }

    private static JsonObject ToJson(InspectedRollout inspected, GroupRow row, bool whole)
    {
        (Rollout rollout, Judgment judgment) = (inspected.Member.Rollout, inspected.Member.Judgment);
        return new()
        {
            ["origin"] = Json.Name(rollout.Origin),
            ["sibling"] = rollout.Id.Sibling,
            ["text"] = Cut(rollout.Text, whole),
            ["verdict"] = Json.Name(judgment.Verdict),
            ["extracted"] = Cut(judgment.Extracted, whole),
            ["detail"] = Cut(judgment.Detail, whole),
            ["reward"] = Json.Number(inspected.Reward),
            ["advantage"] = Json.Number(inspected.Advantage),
            ["tokens"] = rollout.Tokens.Length,
            ["prompt_tokens"] = rollout.PromptLength,
            ["versions"] = Versions(rollout.Versions),
            ["staleness"] = inspected.Staleness,
            ["in_flight"] = row.AdmittedAt is { } at ? Math.Max(0, at - rollout.OldestVersion.Value) : null,
            ["in_queue"] = row.InQueue,
            ["finish"] = Json.Name(rollout.Finish),
            ["seed"] = rollout.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["mean_log_prob"] = rollout.LogProbs.IsEmpty ? null : Json.Short(rollout.LogProbs.Average()),
            ["context_tokens"] = rollout.Context.Length,
            ["demonstrations"] = Json.Array(rollout.Demonstrations, id => JsonValue.Create(id)),
        };
    }

    private static JsonObject ToJson(DroppedRollout dropped, RejectedRollout? text, bool whole) =>
        new()
        {
            ["origin"] = Json.Name(dropped.Id.Origin),
            ["sibling"] = dropped.Id.Sibling,
            ["reason"] = Json.Words(dropped.Reason),
            ["tokens"] = dropped.Tokens,
            ["text"] = Cut(text?.Text, whole),
            ["verdict"] = text?.Verdict.ToLowerInvariant(),
            ["detail"] = Cut(text?.Detail, whole),
            ["reward"] = Json.Number(text?.Reward),
        };

    /// <summary>Runs of equal versions: which weights sampled how many tokens.</summary>
    private static JsonArray Versions(ImmutableArray<long> versions)
    {
        JsonArray runs = [];
        for (int start = 0; start < versions.Length; )
        {
            int end = start;
            while (end < versions.Length && versions[end] == versions[start])
            {
                end++;
            }

            runs.Add(new JsonObject { ["version"] = versions[start], ["tokens"] = end - start });
            start = end;
        }

        return runs;
    }

    private static string? Cut(string? text, bool whole)
    {
        int length = whole ? MaxTextLength : SnippetLength;
        return text is null || text.Length <= length ? text : text[..length] + "…";
    }
}
