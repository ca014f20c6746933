using System.CommandLine;
using System.Text.Json.Nodes;
using ICPO.Actors.Algorithm.Ledgers;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Views;
using ICPO.Actors.RunFiles.Audit;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo ledger</c>.</summary>
internal static class LedgerCommand
{
    public static Command Create(Terminal terminal)
    {
        var directory = new Argument<string>("DIR") { Description = "Directory of the run; it may be going on." };
        var quick = new Option<bool>("--no-payloads") { Description = "Does not read the payloads; faster, and blind to damage in them." };
        var json = new Option<bool>("--json") { Description = "Writes JSON." };
        var command = new ExampledCommand(
            "ledger",
            "What became of every group, rollout and token of a run, over all its starts: generated = consumed + buffered + stale + rejected + failed. Exit code 1 where that does not close.",
            "icpo ledger runs/grpo-2\nicpo ledger runs/grpo-2 --json"
        )
        {
            directory,
            quick,
            json,
        };
        command.SetAction(parsed =>
        {
            var journal = RunJournal.Open(parsed.GetRequiredValue(directory));
            terminal.Say(journal.Notes);
            JournalAccount account = JournalAudit.Of(journal, !parsed.GetValue(quick));
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(Json(journal, account).ToJsonString(JsonOutput.Indented));
            }
            else
            {
                Say(journal, account, terminal.Out);
            }

            foreach (string fault in account.Faults)
            {
                terminal.Error.WriteLine($"icpo: the ledger does not close: {fault}");
            }

            return account.Closes ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static void Say(RunJournal journal, JournalAccount account, TextWriter output)
    {
        Ledger ledger = account.Ledger;
        output.WriteLine($"{journal.Directory.Path}: update {journal.State.Committed.Value} of {journal.Settings.Updates}");
        output.WriteLine();
        output.WriteLine(
            $"Groups: {Sentences.Count(ledger.GroupsAdmitted)} admitted = {Sentences.Count(ledger.GroupsConsumed)} consumed + {Sentences.Count(ledger.Buffered.Count)} buffered + {Sentences.Count(ledger.GroupsStale)} stale; {Sentences.Count(ledger.GroupsRejected)} rejected; {Sentences.Count(account.Undecided)} open."
        );
        output.WriteLine();
        output.WriteLine(
            $"{"rollouts and tokens", -40} {"policy", 10} {"tokens", 12} {"expert", 10} {"tokens", 12} {"all", 10} {"tokens", 12}"
        );
        foreach (LedgerRow row in ledger.Rows())
        {
            (OriginTally tally, string name) = (row.Tally, row.Name == "generated" ? row.Name : "= " + row.Name);
            output.WriteLine(
                $"{name, -40} {Sentences.Count(tally.Policy.Rollouts), 10} {Sentences.Count(tally.Policy.Tokens), 12} {Sentences.Count(tally.Expert.Rollouts), 10} {Sentences.Count(tally.Expert.Tokens), 12} {Sentences.Count(tally.Total.Rollouts), 10} {Sentences.Count(tally.Total.Tokens), 12}"
            );
        }

        output.WriteLine();
        output.WriteLine($"{"start", 6} {"updates", 16} {"admitted", 10} {"rejected", 10} {"rollouts", 10} {"tokens", 12}");
        foreach (JournalStart start in account.Starts)
        {
            output.WriteLine(
                $"{start.Epoch, 6} {$"{start.From.Value} to {start.To.Value}", 16} {Sentences.Count(start.Admitted), 10} {Sentences.Count(start.Rejected), 10} {Sentences.Count(start.Generated.Total.Rollouts), 10} {Sentences.Count(start.Generated.Total.Tokens), 12}"
            );
        }

        output.WriteLine();
        output.WriteLine(
            $"Payloads: {Sentences.Count(account.PayloadsRead)} read{(account.PayloadsGone > 0 ? $", {Sentences.Count(account.PayloadsGone)} of groups that trained are deleted" : "")}. The ledger {(account.Closes ? "closes" : "does not close")}."
        );
    }

    private static JsonObject Json(RunJournal journal, JournalAccount account) =>
        new()
        {
            ["directory"] = journal.Directory.Path,
            ["updates"] = journal.State.Committed.Value,
            ["closes"] = account.Closes,
            ["faults"] = JsonOutput.Array(account.Faults, fault => JsonValue.Create(fault)),
            ["groups"] = new JsonObject
            {
                ["admitted"] = account.Ledger.GroupsAdmitted,
                ["consumed"] = account.Ledger.GroupsConsumed,
                ["buffered"] = account.Ledger.Buffered.Count,
                ["stale"] = account.Ledger.GroupsStale,
                ["rejected"] = account.Ledger.GroupsRejected,
                ["open"] = account.Undecided,
            },
            ["rollouts"] = new JsonObject(account.Ledger.Rows().Select(row => KeyValuePair.Create(row.Name, (JsonNode?)Tally(row.Tally)))),
            ["starts"] = JsonOutput.Array(account.Starts, start => new JsonObject
            {
                ["epoch"] = start.Epoch,
                ["from"] = start.From.Value,
                ["to"] = start.To.Value,
                ["admitted"] = start.Admitted,
                ["rejected"] = start.Rejected,
                ["generated"] = Tally(start.Generated),
            }),
            ["payloads"] = new JsonObject { ["read"] = account.PayloadsRead, ["deleted"] = account.PayloadsGone },
        };

    private static JsonObject Tally(OriginTally tally) => new() { ["policy"] = Tally(tally.Policy), ["expert"] = Tally(tally.Expert) };

    private static JsonObject Tally(Tally tally) => new() { ["rollouts"] = tally.Rollouts, ["tokens"] = tally.Tokens };
}
