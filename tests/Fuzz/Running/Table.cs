using System.Globalization;
using Fuzz.Readers;

namespace Fuzz.Running;

/// <summary>Results as a table, printed row by row and kept in a file.</summary>
/// <param name="path">A page of Markdown, whose rows of other readers stay; null for none.</param>
/// <param name="inputs">Inputs per reader.</param>
internal sealed class Table(string? path, long inputs)
{
    private readonly Lock _gate = new();

    /// <summary>True once something was found.</summary>
    public bool HasFindings { get; private set; }

    public void Add(Outcome outcome)
    {
        lock (_gate)
        {
            HasFindings |= outcome.Findings.Count > 0;
            Console.WriteLine(Row(outcome));
            if (path is not null)
            {
                File.WriteAllText(path, Page(outcome));
            }
        }
    }

    private static string Row(Outcome outcome) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {outcome.Reader} | {outcome.Inputs} | {outcome.Count("crash")} | {outcome.Count("hang")} | {outcome.Count("unclear")} | "
                + $"{outcome.Count("time")} | {outcome.Count("memory")} | {outcome.Time.TotalSeconds:0} |"
        );

    private string Page(Outcome outcome)
    {
        string[] before = File.Exists(path) ? File.ReadAllLines(path) : [];
        IEnumerable<string?> rows = Catalog.All.Select(reader =>
            reader.Name == outcome.Reader
                ? Row(outcome)
                : before.FirstOrDefault(line => line.StartsWith($"| {reader.Name} |", StringComparison.Ordinal))
        );
        string[] lines =
        [
            "# Fuzzing of the readers of untrusted input",
            "",
            "Random changes to valid files, messages and answers, read by each reader in a separate process.",
            "[limits.md](../limits.md) states the bounds. The columns count inputs that end the process (crashes), get no result within",
            "60 s (hangs), cause an exception of .NET instead of the reader's (unclear errors), take more than 1 s of processor time",
            "(time), or allocate more than 64 MB + 20 times the input (memory). One input in 16 has up to 256 KB, the others at most 4 KB.",
            "",
            "```sh",
            $"dotnet run -c Release --project tests/Fuzz -- --inputs {inputs} --results docs/results/fuzzing.md",
            "```",
            "",
            "| reader | inputs | crashes | hangs | unclear errors | time | memory | seconds |",
            "|---|---|---|---|---|---|---|---|",
            .. rows.OfType<string>(),
            "",
        ];
        return string.Join('\n', lines);
    }
}
