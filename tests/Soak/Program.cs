using System.Globalization;
using ICPO.Actors.Soak;
using ICPO.Actors.Soak.Clusters;
using TestSupport;

if (args is [SharedSystemApp.Command, var directory])
{
    return await SharedSystemApp.RunAsync(directory);
}

int kills = Number("--kills", 20),
    perRun = Number("--kills-per-run", 5),
    seed = Number("--seed", 1);
int links = Number("--links", 0);
string database = Option("--database") ?? "sqlite";
string output = Option("--output") ?? Path.Combine("soak", $"{kills}-kills-{database}-seed{seed}");
if (args.Contains("--help") || database is not ("sqlite" or "postgres"))
{
    Console.WriteLine(
        """
        soak [--database sqlite|postgres] [--kills N] [--kills-per-run N] [--seed N] [--output DIR] [--results FILE]
        soak --signals N [--seed N] [--parallel N] [--results FILE]
        soak --cluster-faults N [--only KIND] [--minutes N] [--seed N] [--output DIR] [--record FILE] [--results FILE]
        soak --links N [--case SEED] [--parallel N] [--results FILE]
        soak --verifier-faults N [--seed N] [--results FILE]
        The first kills runs at random times until there were N kills; writes soak.md and soak.json, and updates the section of the
        database in FILE (docs/results/faults.md). With postgres it starts its own server and kills that too.
        The second sends SIGTERM and SIGINT to samples and icpo train at random times of a run, N processes at once (1 by default);
        writes the table of how they ended to FILE.
        The third kills and stops processes of clusters of two learners, three nodes and a PostgreSQL server until there were N faults or
        the minutes are over. It keeps the runs and what the processes wrote in DIR, appends the runs to the record, and writes the table
        of all runs of the record to the results; with N = 0 it does that alone. KIND is one kind of fault, for example CoreKilled.
        The fourth runs N small runs over links that lose, repeat, delay and reorder messages until they heal, several at once (8 by
        default). It prints what is wrong with each that fails and the seed of the smallest, which --case runs again; writes the table to
        FILE.
        The fifth runs small runs whose verifiers (command, http) fail on half of the cases, until each had N faults; writes the table to
        FILE.
        """
    );
    return args.Contains("--help") ? 0 : 2;
}

if (Number("--signals", 0) is > 0 and var signals)
{
    return await SignalSoak.RunAsync(signals, seed, Number("--parallel", 1), ReproducingCommand(), Option("--results")) ? 0 : 1;
}

if (Number("--verifier-faults", 0) is > 0 and var verifierFaults)
{
    return await VerifierSoak.RunAsync(verifierFaults, seed, Option("--results"));
}

if (links > 0)
{
    return await LinkSoak.RunAsync(links, Option("--case"), Number("--parallel", 8), Option("--results"));
}

if (Number("--cluster-faults", -1) is >= 0 and var faults)
{
    if (PostgresServer.Missing is { } none)
    {
        Console.Error.WriteLine($"soak: {none}");
        return 2;
    }

    return await ClusterSoaks.RunAsync(
        new ClusterSoakOptions
        {
            Faults = faults,
            Only = Option("--only") is { } kind ? Enum.Parse<FaultKind>(kind, ignoreCase: true) : null,
            Limit = Number("--minutes", 0) is > 0 and var minutes ? TimeSpan.FromMinutes(minutes) : null,
            Seed = seed,
            Folder = Option("--output"),
            Record = Option("--record"),
            Results = Option("--results"),
            Command = ReproducingCommand(),
        }
    )
        ? 0
        : 1;
}

if (Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any())
{
    Console.Error.WriteLine($"soak: {output} is not empty; name another directory with --output, or delete it.");
    return 2;
}

if (database == "postgres" && PostgresServer.Missing is { } missing)
{
    Console.Error.WriteLine($"soak: {missing}");
    return 2;
}

await using PostgresServer? server = database == "postgres" ? await PostgresServer.StartAsync() : null;
var outcomes = new List<Outcome>();
await using var soak = new KillSoak(Path.GetFullPath(output), seed, server);
for (int run = 1; outcomes.Sum(outcome => outcome.Kills) < kills; run++)
{
    Outcome outcome = await soak.RunAsync(run, Math.Min(perRun, kills - outcomes.Sum(done => done.Kills)));
    outcomes.Add(outcome);
    Console.WriteLine(SoakTable.Row(outcome));
}

await SoakTable.WriteAsync(Path.GetFullPath(output), seed, outcomes);
if (Option("--results") is { } results)
{
    SoakTable.WriteResults(
        results,
        server is null ? "SQLite" : "PostgreSQL",
        $"dotnet run -c Release --project tests/Soak -- {ReproducingCommand()}",
        outcomes
    );
}

Console.WriteLine(SoakTable.Sum(outcomes));
return outcomes.All(outcome => outcome.Holds) ? 0 : 1;

// The command that reproduces the table, without the paths of this run's files.
string ReproducingCommand() => string.Join(' ', args.Where((arg, at) => !IsFile(arg) && (at == 0 || !IsFile(args[at - 1]))));

bool IsFile(string option) => option is "--output" or "--results" or "--record";

int Number(string name, int otherwise) =>
    Option(name) is { } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : otherwise;

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
