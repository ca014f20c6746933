using System.Collections.Immutable;
using ICPO.Actors.Tasks.Arithmetic;
using ICPO.Actors.Tasks.Datasets;
using ICPO.Actors.Tasks.Mazes;
using ICPO.Actors.Tasks.Mixtures;
using ICPO.Actors.Tasks.Prompts;
using ICPO.Actors.Tasks.SymbolRules;

namespace ICPO.Actors.Tasks;

/// <summary>The task and its settings.</summary>
public sealed record TaskSettings
{
    /// <summary><c>symbol-rules</c>, <c>arithmetic</c>, <c>maze</c>, <c>jsonl</c> or <c>mixture</c>.</summary>
    public string Name { get; init; } = SymbolRulesTask.TaskName;

    /// <summary>The data set preset that the settings come from; empty if there is none.</summary>
    public string Dataset { get; init; } = "";

    /// <summary>File names of the data set's held-out questions, relative to the data set directory.</summary>
    public ImmutableArray<string> BenchmarkFiles { get; init; } = [];

    /// <summary>How questions in natural language are formatted; symbol-rules has its own format.</summary>
    public PromptSettings Prompt { get; init; } = new();

    public SymbolRulesSettings SymbolRules { get; init; } = new();

    public ArithmeticSettings Arithmetic { get; init; } = new();

    public MazeSettings Maze { get; init; } = new();

    /// <summary>Used only if <see cref="Name"/> is <c>mixture</c>.</summary>
    public MixtureSettings Mixture { get; init; } = new();

    /// <summary>Used only if <see cref="Name"/> is <c>jsonl</c> or <c>mixture</c>.</summary>
    public JsonlSettings Jsonl { get; init; } = new();

    /// <summary>The task's maximum response length in tokens, if it is one of this library.</summary>
    public int MaxTokens =>
        Name switch
        {
            JsonlTask.TaskName or MixtureTask.TaskName => Jsonl.MaxTokens,
            MazeTask.TaskName => MazeTask.ResponseLimit(Maze),
            ArithmeticTask.TaskName => ArithmeticTask.ResponseLimit,
            _ => SymbolRulesTask.ResponseLimit,
        };
}
