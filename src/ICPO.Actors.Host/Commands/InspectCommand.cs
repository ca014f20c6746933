using System.CommandLine;
using System.Globalization;
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
        Argument<string> directory = CommonOptions.RunDirectory();
        var update = new Option<long?>("--update") { Description = "Only groups that this update trained on.", HelpName = "N" };
        var group = new Option<string?>("--group") { Description = "Only this group, by its number.", HelpName = "ID" };
        var origin = new Option<string?>("--origin")
        {
            Description = "Only rollouts of this origin: policy or expert.",
            HelpName = "ORIGIN",
        };
        var verdict = new Option<string?>("--verdict")
        {
            Description = $"Only rollouts with this verdict: {Names<Verdict>()}.",
            HelpName = "VERDICT",
        };
        var limit = new Option<int>("--limit")
        {
            Description = "Maximum number of groups; 0 shows all.",
            HelpName = "N",
            DefaultValueFactory = _ => 10,
        };
        Option<bool> json = CommonOptions.Json();
        var command = new CommandWithExamples(
            "inspect",
            "Shows the groups of a run with their rollouts: text, verdict, reward, advantage, policy versions and staleness.",
            ["icpo inspect runs/grpo-2 --update 12", "icpo inspect runs/grpo-2 --origin expert --verdict correct --limit 3 --json"]
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
            UsageException.ThrowIfLess(parsed.GetValue(limit), 0, "--limit");
            var filter = new InspectionFilter(
                ParseUpdate(parsed.GetValue(update)),
                ParseGroup(parsed.GetValue(group)),
                ParseName<Origin>("--origin", parsed.GetValue(origin)),
                ParseName<Verdict>("--verdict", parsed.GetValue(verdict))
            );
            var journal = RunJournal.Open(parsed.GetRequiredValue(directory));
            terminal.WriteNotes(journal.Notes);
            RequireAvailable(journal, filter.Update);
            int max = parsed.GetValue(limit) > 0 ? parsed.GetValue(limit) : int.MaxValue;
            IEnumerable<InspectedGroup> groups = new GroupInspector(journal).Groups(filter).Take(max);
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(JsonOutput.ToText(JsonOutput.Array(groups, InspectedGroups.ToJson)));
            }
            else
            {
                Write(groups, max, terminal.Out);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(IEnumerable<InspectedGroup> groups, int max, TextWriter output)
    {
        int shown = 0;
        foreach (InspectedGroup group in groups)
        {
            shown++;
            InspectedGroups.Write(group, output);
        }

        output.WriteLine(
            shown switch
            {
                0 => "No group matches.",
                _ when shown == max => $"{shown} groups; increase --limit to see more.",
                _ => $"{shown} groups.",
            }
        );
    }

    /// <exception cref="UsageException">The journal does not contain the update.</exception>
    private static void RequireAvailable(RunJournal journal, PolicyVersion? update)
    {
        if (update is not { } wanted)
        {
            return;
        }

        if (wanted > journal.State.Committed.Next())
        {
            throw new UsageException($"--update {wanted.Value}: the last update of the run is {journal.State.Committed.Value}.");
        }

        if (journal.Updates is [JournalUpdate first, ..] && wanted < first.Version)
        {
            throw new UsageException($"--update {wanted.Value}: journal events before update {first.Version.Value} are deleted.");
        }
    }

    private static PolicyVersion? ParseUpdate(long? number) =>
        number switch
        {
            null => null,
            >= 1 => new PolicyVersion(number.Value),
            _ => throw new UsageException($"--update {number}: must be at least 1."),
        };

    private static GroupId? ParseGroup(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return long.TryParse(text.AsSpan(text is ['g', ..] ? 1 : 0), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? new GroupId(number)
            : throw new UsageException($"--group {text}: must be the number of a group, for example 12.");
    }

    private static T? ParseName<T>(string option, string? text)
        where T : struct, Enum
    {
        if (text is null)
        {
            return null;
        }

        return Enum.TryParse(text, ignoreCase: true, out T value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0])
            ? value
            : throw new UsageException($"{option} {text}: must be one of {Names<T>()}.");
    }

    private static string Names<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant()));
}
