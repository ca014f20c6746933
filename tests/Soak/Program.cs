using System.Globalization;
using ICPO.Actors.Soak;

int kills = Number("--kills", 20), perRun = Number("--kills-per-run", 5), seed = Number("--seed", 1);
string output = Option("--output") ?? Path.Combine("soak", $"{kills}-kills-seed{seed}");
if (Option("--help") is not null || args.Contains("--help"))
{
    Console.WriteLine("soak [--kills N] [--kills-per-run N] [--seed N] [--output DIR]: kills runs at random instants until there were N kills; writes soak.md and soak.json.");
    return 0;
}

var outcomes = new List<Outcome>();
await using var soak = new KillSoak(Path.GetFullPath(output), seed);
for (int run = 1; outcomes.Sum(outcome => outcome.Kills) < kills; run++)
{
    Outcome outcome = await soak.RunAsync(run, Math.Min(perRun, kills - outcomes.Sum(done => done.Kills)));
    outcomes.Add(outcome);
    Console.WriteLine(SoakTable.Row(outcome));
}

await SoakTable.WriteAsync(Path.GetFullPath(output), seed, outcomes);
Console.WriteLine(SoakTable.Sum(outcomes));
return outcomes.All(outcome => outcome.Holds) ? 0 : 1;

int Number(string name, int otherwise) => Option(name) is { } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : otherwise;

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
