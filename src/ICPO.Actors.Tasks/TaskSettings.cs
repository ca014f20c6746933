using System.Collections.Immutable;
using ICPO.Actors.Contracts;

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

/// <summary>The tasks that configuration can name.</summary>
public static class TaskRegistry
{
    public static IReadOnlyList<string> Names { get; } = [SymbolRulesTask.TaskName, ArithmeticTask.TaskName, JsonlTask.TaskName];

    /// <param name="settings">Which, and how.</param>
    /// <param name="chat">Loads the model's chat template, for questions that are chats.</param>
    /// <exception cref="ArgumentException">The name or a setting is not known.</exception>
    /// <exception cref="InvalidDataException">A data set cannot be read; the message names the file, the line and the mend.</exception>
    public static ITask Create(TaskSettings settings, Func<IChatFormat>? chat = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Name switch
        {
            SymbolRulesTask.TaskName => new SymbolRulesTask(settings.SymbolRules),
            ArithmeticTask.TaskName => new ArithmeticTask(settings.Arithmetic),
            JsonlTask.TaskName => new JsonlTask(settings.Jsonl, chat),
            _ => throw new ArgumentException($"Task '{settings.Name}' is not known; known are {string.Join(", ", Names)}.", nameof(settings)),
        };
    }

    /// <summary>The task's own verdict, for the verifier <c>builtin</c>.</summary>
    /// <exception cref="ArgumentException">The task has none.</exception>
    public static IVerifier Verifier(TaskSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Name switch
        {
            SymbolRulesTask.TaskName => new BuiltinVerifier(),
            ArithmeticTask.TaskName => new ArithmeticVerifier(settings.Arithmetic.Reward),
            _ => throw new ArgumentException(
                $"Task '{settings.Name}' has no verdict of its own for the verifier {BuiltinVerifier.VerifierName}; set verification.verifier to another one, such as numeric or math.", nameof(settings)),
        };
    }
}
