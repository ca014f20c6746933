using System.Globalization;
using Fuzz.Mutation;
using Fuzz.Readers;
using Fuzz.Running;
using Fuzz.SeedFactory;

const string Help = """
    fuzz [--reader NAME]... [--inputs N | --seconds S] [--seed N] [--results FILE]
    Changes the seeds in tests/Fuzz/Seeds at random and has each reader of untrusted input read them, in processes of its own. An input is
    refused by the reader's own error or read, within 1 s and 64 MB + 20 times its size; anything else is reported with its number.
      --reader NAME    one reader; all if omitted (--list prints them)
      --inputs N       inputs per reader; 10000 if omitted
      --seconds S      time for all readers together instead
      --seed N         number of the first input; input N is always the same
      --parallel N     readers at a time; 1 if omitted
      --results FILE   writes the table of results; rows of readers that are not run stay
      --replay         reads only input --seed of --reader in this process and prints what happens
      --write FILE     with --replay: writes the input to a file
      --seeds DIR      writes the seeds that are not text
    """;
if (args.Contains("--help"))
{
    Console.WriteLine(Help);
    return 0;
}

if (args.Contains("--list"))
{
    Console.WriteLine(string.Join(Environment.NewLine, Catalog.All.Select(reader => reader.Name)));
    return 0;
}

if (Option("--seeds") is { } folder)
{
    await SeedFiles.WriteAsync(folder);
    return 0;
}

string[] names = [.. args.Index().Where(arg => arg.Item == "--reader").Select(arg => args.ElementAtOrDefault(arg.Index + 1) ?? "")];
if (names.FirstOrDefault(name => Catalog.Find(name) is null) is { } unknown)
{
    Console.Error.WriteLine($"fuzz: there is no reader '{unknown}'; --list prints them.");
    return 2;
}

IReadOnlyList<Reader> readers = names.Length > 0 ? [.. names.Select(name => Catalog.Find(name)!)] : Catalog.All;
long first = Number("--seed") ?? 0;
long count = Number("--inputs") ?? (Number("--seconds") is null ? 10_000 : long.MaxValue / 2);
if (Option("--worker") is { } place)
{
    using var progress = new Progress(place);
    await using var output = new StreamWriter(Console.OpenStandardOutput());
    Worker.Run(readers[0], first, count, progress, output);
    return 0;
}

if (args.Contains("--replay"))
{
    byte[] input = new Mutator(readers[0].Name, readers[0].Seeds(), readers[0].Words).Make(first);
    if (Option("--write") is { } path)
    {
        await File.WriteAllBytesAsync(path, input);
    }

    string? problem = Worker.Judge(readers[0], input);
    Scratch.Delete();
    Console.WriteLine($"{input.Length} bytes: {problem ?? "nothing is wrong"}");
    return problem is null ? 0 : 1;
}

int parallel = (int)Math.Clamp(Number("--parallel") ?? 1, 1, readers.Count);
TimeSpan? each = Number("--seconds") is { } seconds ? TimeSpan.FromSeconds((double)seconds * parallel / readers.Count) : null;
var table = new Table(Option("--results"), count);
await Parallel.ForEachAsync(readers, new ParallelOptions { MaxDegreeOfParallelism = parallel }, async (reader, _) =>
{
    table.Add(await Supervisor.RunAsync(reader, first, count, each));
});
return table.HasFindings ? 1 : 0;

long? Number(string name) => Option(name) is { } text ? long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
