using System.CommandLine;
using System.Globalization;
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
        Argument<string> directory = CommonOptions.RunDirectory();
        var noPayloads = new Option<bool>("--no-payloads")
        {
            Description = "Do not read the payloads: faster, but damaged payloads are not detected.",
        };
        Option<bool> json = CommonOptions.Json();
        var command = new CommandWithExamples(
            "ledger",
            "Accounts for every group, rollout and token of a run, including all resumptions: "
                + "generated = consumed + buffered + open + stale + rejected + failed. Exit code 1 if the ledger does not close.",
            ["icpo ledger runs/grpo-2", "icpo ledger runs/grpo-2 --json"]
        )
        {
            directory,
            noPayloads,
            json,
        };
        command.SetAction(parsed =>
        {
            var journal = RunJournal.Open(parsed.GetRequiredValue(directory));
            terminal.WriteNotes(journal.Notes);
            JournalAccount account = JournalAudit.Check(journal, !parsed.GetValue(noPayloads));
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(JsonOutput.ToText(ToJson(journal, account)));
            }
            else
            {
                Write(journal, account, terminal.Out);
            }

            foreach (string fault in account.Faults)
            {
                terminal.WriteError($"the ledger does not close: {fault}");
            }

            return account.Closes ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static void Write(RunJournal journal, JournalAccount account, TextWriter output)
    {
        Ledger ledger = account.Ledger;
        output.WriteLine($"{journal.Directory.Path}: update {journal.State.Committed.Value} of {journal.Settings.Updates}");
        output.WriteLine();
        output.WriteLine(
            $"Groups: {Format.Count(ledger.GroupsAdmitted)} admitted = {Format.Count(ledger.GroupsConsumed)} consumed"
                + $" + {Format.Count(ledger.Buffered.Count)} buffered + {Format.Count(ledger.GroupsStale)} stale"
                + (ledger.GroupsWaitedTooLong > 0 ? $" + {Format.Count(ledger.GroupsWaitedTooLong)} that waited too long;" : ";")
                + $" {Format.Count(ledger.GroupsRejected)} rejected; {Format.Count(account.Undecided)} open."
        );
        if (journal.Settings.Selection.SamplesPerInsert is > 1 and var samples)
        {
            output.WriteLine($"Trained: {Trained(ledger)}; each group trains {samples} times.");
        }

        output.WriteLine();
        output.WriteLine(
            $"{"rollouts and tokens", -40} {"policy", 10} {"tokens", 12} {"expert", 10} {"tokens", 12} {"all", 10} {"tokens", 12}"
        );
        foreach ((int i, LedgerRow row) in ledger.Rows().Index())
        {
            string name =
                (
                    i == 0 ? ""
                    : i == 1 ? "= "
                    : "+ "
                ) + row.Name;
            output.WriteLine($"{name, -40} {Columns(row.Tally.Policy)} {Columns(row.Tally.Expert)} {Columns(row.Tally.Total)}");
        }

        output.WriteLine();
        output.WriteLine($"{"start", 6} {"updates", 16} {"admitted", 10} {"rejected", 10} {"rollouts", 10} {"tokens", 12}");
        foreach (JournalStart start in account.Starts)
        {
            output.WriteLine(
                $"{start.Epoch, 6} {$"{start.From.Value} to {start.To.Value}", 16} {Format.Count(start.Admitted), 10} "
                    + $"{Format.Count(start.Rejected), 10} {Columns(start.Generated.Total)}"
            );
        }

        string deleted = account.PayloadsGone > 0 ? $", {Format.Count(account.PayloadsGone)} of trained groups deleted" : "";
        output.WriteLine();
        output.WriteLine(
            $"Payloads: {Format.Count(account.PayloadsRead)} read{deleted}. The ledger {(account.Closes ? "closes" : "does not close")}."
        );
    }

    /// <summary>Such as <c>4 groups 1 time, 12 groups 2 times</c>.</summary>
    private static string Trained(Ledger ledger) =>
        ledger.TimesTrained.IsEmpty
            ? "no group"
            : string.Join(
                ", ",
                ledger.TimesTrained.Select(trained =>
                    $"{Format.Count(trained.Value)} {(trained.Value == 1 ? "group" : "groups")} "
                    + $"{trained.Key} {(trained.Key == 1 ? "time" : "times")}"
                )
            );

    private static string Columns(Tally tally) => $"{Format.Count(tally.Rollouts), 10} {Format.Count(tally.Tokens), 12}";

    private static JsonObject ToJson(RunJournal journal, JournalAccount account) =>
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
                ["waited_too_long"] = account.Ledger.GroupsWaitedTooLong,
                ["rejected"] = account.Ledger.GroupsRejected,
                ["open"] = account.Undecided,
                ["trained"] = new JsonObject(
                    account.Ledger.TimesTrained.Select(trained =>
                        KeyValuePair.Create(trained.Key.ToString(CultureInfo.InvariantCulture), (JsonNode?)trained.Value)
                    )
                ),
            },
            ["rollouts"] = new JsonObject(account.Ledger.Rows().Select(row => KeyValuePair.Create(row.Name, (JsonNode?)ToJson(row.Tally)))),
            ["starts"] = JsonOutput.Array(account.Starts, start => new JsonObject
            {
                ["epoch"] = start.Epoch,
                ["from"] = start.From.Value,
                ["to"] = start.To.Value,
                ["admitted"] = start.Admitted,
                ["rejected"] = start.Rejected,
                ["generated"] = ToJson(start.Generated),
            }),
            ["payloads"] = new JsonObject { ["read"] = account.PayloadsRead, ["deleted"] = account.PayloadsGone },
        };

    private static JsonObject ToJson(OriginTally tally) => new() { ["policy"] = ToJson(tally.Policy), ["expert"] = ToJson(tally.Expert) };

    private static JsonObject ToJson(Tally tally) => new() { ["rollouts"] = tally.Rollouts, ["tokens"] = tally.Tokens };
}
