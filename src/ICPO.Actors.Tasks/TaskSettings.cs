using System.Collections.Immutable;
using ICPO.Actors.Tasks.Arithmetic;
using ICPO.Actors.Tasks.Datasets;
using ICPO.Actors.Tasks.SymbolRules;

namespace ICPO.Actors.Tasks;

/// <summary>Which task is asked.</summary>
public sealed record TaskSettings
{
    /// <summary><c>symbol-rules</c>, <c>arithmetic</c> or <c>jsonl</c>.</summary>
    public string Name { get; init; } = SymbolRulesTask.TaskName;

    /// <summary>The preset of a well-known data set that the settings were taken from; empty where there is none.</summary>
    public string Dataset { get; init; } = "";

    /// <summary>Under which names the data set's held-out questions are looked for, relative to the directory of data sets.</summary>
    public ImmutableArray<string> BenchmarkFiles { get; init; } = [];

    public SymbolRulesSettings SymbolRules { get; init; } = new();

    public ArithmeticSettings Arithmetic { get; init; } = new();

    /// <summary>Read only where <see cref="Name"/> is <c>jsonl</c>.</summary>
    public JsonlSettings Jsonl { get; init; } = new();
}
