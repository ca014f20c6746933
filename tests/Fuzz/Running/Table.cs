using System.Globalization;

namespace Fuzz.Running;

/// <summary>Results as a table.</summary>
internal static class Table
{
    public static string Row(Outcome outcome) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {outcome.Reader} | {outcome.Inputs} | {outcome.Count("crash")} | {outcome.Count("hang")} | {outcome.Count("unclear")} | "
                + $"{outcome.Count("time")} | {outcome.Count("memory")} | {outcome.Time.TotalSeconds:0} |"
        );

    public static string Page(IReadOnlyList<Outcome> outcomes)
    {
        string[] lines =
        [
            "# Fuzzing of the readers of untrusted input",
            "",
            "Random changes to valid files, messages and answers, read by each reader in a process of its own.",
            "[limits.md](../limits.md) states the bounds. A crash ends the process, a hang gives no answer within 60 s, an unclear error",
            "is one of .NET and not of the reader, time is more than 1 s of the processor, and memory more than 64 MB + 20 times the",
            "input.",
            "",
            "```sh",
            $"dotnet run -c Release --project tests/Fuzz -- --inputs {outcomes.Max(outcome => outcome.Inputs)} --results FILE",
            "```",
            "",
            "| reader | inputs | crashes | hangs | unclear errors | time | memory | seconds |",
            "|---|---|---|---|---|---|---|---|",
            .. outcomes.Select(Row),
            "",
        ];
        return string.Join('\n', lines);
    }
}
