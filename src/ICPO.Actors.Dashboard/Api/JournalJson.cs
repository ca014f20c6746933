using System.Text.Json.Nodes;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Dashboard.Reading;
using ICPO.Actors.RunFiles.Audit;
using ICPO.Actors.RunFiles.Inspection;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.Dashboard.Api;

/// <summary>The ledger of a run and the lineage of its updates.</summary>
internal static class JournalJson
{
    public static JsonObject Ledger(JournalView view)
    {
        JournalAccount account = view.Account;
        return new()
        {
            ["committed"] = view.Journal.State.Committed.Value,
            ["closes"] = account.Closes,
            ["faults"] = Json.Array(account.Faults, fault => JsonValue.Create(fault)),
            ["groups"] = new JsonObject
            {
                ["admitted"] = account.Ledger.GroupsAdmitted,
                ["consumed"] = account.Ledger.GroupsConsumed,
                ["buffered"] = account.Ledger.Buffered.Count,
                ["stale"] = account.Ledger.GroupsStale,
                ["waited_too_long"] = account.Ledger.GroupsWaitedTooLong,
                ["rejected"] = account.Ledger.GroupsRejected,
                ["open"] = account.Undecided,
            },
            ["rows"] = Json.Array(account.Ledger.Rows(), ToJson),
            ["starts"] = Json.Array(account.Starts, start => new JsonObject
            {
                ["epoch"] = start.Epoch,
                ["from"] = start.From.Value,
                ["to"] = start.To.Value,
                ["admitted"] = start.Admitted,
                ["rejected"] = start.Rejected,
                ["rollouts"] = start.Generated.Total.Rollouts,
                ["tokens"] = start.Generated.Total.Tokens,
            }),
            ["begins_at"] = view.Journal.Start?.Committed.Value,
        };
    }

    /// <summary>Updates before a version, newest first.</summary>
    public static JsonObject Updates(JournalView view, long? before, int limit)
    {
        UpdateRow[] page = [.. view.Updates.Reverse().Where(row => before is null || row.Update.Version.Value < before).Take(limit)];
        return new() { ["updates"] = Json.Array(page, ToJson), ["next"] = page.Length == limit ? page[^1].Update.Version.Value : null };
    }

    /// <summary>The lineage of an update; null if the journal does not have it.</summary>
    public static JsonObject? Update(JournalView view, long version)
    {
        if (view.Updates.FirstOrDefault(row => row.Update.Version.Value == version) is not { } found)
        {
            return null;
        }

        JsonObject json = ToJson(found);
        json["groups"] = Json.Array(found.Update.Groups, group => Group(view, view.Find(group.Group.Value)!));
        return json;
    }

    private static JsonObject Group(JournalView view, GroupRow row)
    {
        try
        {
            return RolloutJson.ToJson(row, view.Inspector.Read(row.Entry), null, whole: false);
        }
        catch (Exception error) when (ReadErrors.Contains(error))
        {
            var unread = new InspectedGroup(row.Entry.Id, row.Entry.Fate, row.Entry.Update, null, [], row.Entry.Dropped);
            return RolloutJson.ToJson(row, unread, error.Message, whole: false);
        }
    }

    private static JsonObject ToJson(UpdateRow row)
    {
        JournalUpdate update = row.Update;
        return new()
        {
            ["update"] = update.Version.Value,
            ["weights"] = update.WeightsSha256,
            ["group_count"] = update.Groups.Length,
            ["rollouts"] = update.Groups.Sum(group => group.Kept.Sum(kept => kept.Rollouts)),
            ["tokens"] = update.Groups.Sum(group => group.Kept.Sum(kept => kept.Tokens)),
            ["in_flight"] = Json.Number(row.InFlight),
            ["in_queue"] = Json.Number(row.InQueue),
        };
    }

    private static JsonObject ToJson(LedgerRow row) =>
        new()
        {
            ["name"] = row.Name,
            ["policy_rollouts"] = row.Tally.Policy.Rollouts,
            ["policy_tokens"] = row.Tally.Policy.Tokens,
            ["expert_rollouts"] = row.Tally.Expert.Rollouts,
            ["expert_tokens"] = row.Tally.Expert.Tokens,
            ["rollouts"] = row.Tally.Total.Rollouts,
            ["tokens"] = row.Tally.Total.Tokens,
        };
}
