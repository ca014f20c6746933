using System.Globalization;
using System.Text.Json;
using ICPO.Actors.Benchmarks;
using ICPO.Actors.Modeling.Torch;

string what = args is [var first, ..] && !first.StartsWith('-') ? first : "all";
string? json = Option("--json");
int repeats = int.Parse(Option("--repeats") ?? "5", CultureInfo.InvariantCulture);
if (what == "recovery-of")
{
    Console.Write(await JournalBenchmarks.RecoveryOfAsync(args[1]));
    return 0;
}

if (what == "load-of")
{
    Console.Write(Loading.LoadOf(args[1], args[2]));
    return 0;
}

if (what == ScheduleNode.Command)
{
    return await ScheduleNode.RunAsync(args);
}

string? model = Option("--model");
if (what is "model" or "load" or "gpu" && model is null)
{
    Console.Error.WriteLine($"The benchmark {what} requires --model PATH: a Hugging Face directory or a GGUF file.");
    return 1;
}

if (
    what
    is not (
        "all"
        or "model"
        or "gemm"
        or "decode"
        or "train"
        or "load"
        or "gpu"
        or "journal"
        or "recovery"
        or "growth"
        or "schedule"
        or "cluster"
        or "messages"
        or "swap"
    )
)
{
    Console.Error.WriteLine(
        $"""
        Unknown benchmark {what}. Use one of gemm, decode, train, model, load, gpu, journal, recovery, growth, schedule, cluster,
        messages, swap or all.
        Options: --repeats N, --json FILE; model, load and gpu require --model PATH;
        model supports --only PARTS (a comma-separated list of decode, train, float32, bfloat16).
        """
    );
    return 1;
}

TorchRuntime.EnsureLoaded();
List<Measurement> measurements = [await Products.MeasureAsync(repeats)];
double scale = measurements[0].Median / Products.Reference;
Console.WriteLine(measurements[0].Line(1));
if (what is "all" or "decode")
{
    await TakeAsync(Decoding.MeasureAsync(repeats));
}

if (what is "all" or "train")
{
    await TakeAsync(Training.MeasureAsync(repeats));
}

if (what is "all" or "swap")
{
    await TakeAsync(Swapping.MeasureAsync(repeats));
}

if (what is "all" or "journal")
{
    await TakeAsync(JournalBenchmarks.MeasureAsync(repeats));
}

if (what is "all" or "recovery")
{
    await TakeAsync(JournalBenchmarks.RecoverAsync(repeats));
}

if (what is "all" or "growth")
{
    await TakeAsync(JournalBenchmarks.GrowthAsync());
}

if (what is "all" or "schedule")
{
    await TakeAsync(ScheduleBenchmarks.MeasureAsync(repeats));
}

if (what is "all" or "cluster")
{
    await TakeAsync(ClusterBenchmarks.MeasureAsync(repeats));
}

if (what is "all" or "messages")
{
    await TakeAsync(MessageSizes.MeasureAsync());
}

if (model is not null && what is "all" or "load")
{
    await TakeAsync(Loading.MeasureAsync(model!, repeats));
}

if (model is not null && what is "all" or "model")
{
    await TakeAsync(RealModel.MeasureAsync(model!, Option("--only")?.Split(',') ?? [], repeats));
}

if (what == "gpu")
{
    await TakeAsync(OnGpu.MeasureAsync(model!, repeats));
}

if (json is not null)
{
    var results = measurements.Select(m => new
    {
        m.Name,
        m.Unit,
        m.Median,
        Min = m.Values.Min(),
        Max = m.Values.Max(),
        Target = m.TargetAt(scale),
    });
    await File.WriteAllTextAsync(
        json,
        JsonSerializer.Serialize(new { Environment.ProcessorCount, Results = results }, new JsonSerializerOptions { WriteIndented = true })
    );
}

return 0;

async Task TakeAsync(IAsyncEnumerable<Measurement> source)
{
    await foreach (Measurement measurement in source)
    {
        measurements.Add(measurement);
        Console.WriteLine(measurement.Line(scale));
    }
}

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
