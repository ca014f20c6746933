using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Arithmetic;
using ICPO.Actors.Tasks.Datasets;
using ICPO.Actors.Tasks.SymbolRules;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Tasks;

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
            _ => throw new ArgumentException(
                $"Task '{settings.Name}' is not known; known are {string.Join(", ", Names)}.",
                nameof(settings)
            ),
        };
    }

    /// <summary>The task's own verdict, for the verifier <c>builtin</c>.</summary>
    /// <exception cref="ArgumentException">The task has none.</exception>
    public static IVerifier Verifier(TaskSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Name switch
        {
            SymbolRulesTask.TaskName => new SymbolRulesVerifier(),
            ArithmeticTask.TaskName => new ArithmeticVerifier(settings.Arithmetic.Reward),
            _ => throw new ArgumentException(
                $"Task '{settings.Name}' has no verdict of its own for the verifier {BuiltinVerifier.VerifierName}; set verification.verifier to another one, such as numeric or math.",
                nameof(settings)
            ),
        };
    }
}
