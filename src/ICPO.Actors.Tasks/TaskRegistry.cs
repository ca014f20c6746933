using System.Collections.Immutable;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Arithmetic;
using ICPO.Actors.Tasks.Datasets;
using ICPO.Actors.Tasks.Mazes;
using ICPO.Actors.Tasks.Mixtures;
using ICPO.Actors.Tasks.Prompts;
using ICPO.Actors.Tasks.Registration;
using ICPO.Actors.Tasks.SymbolRules;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Tasks;

/// <summary>
/// The tasks that configuration can name. To add one, write its file, give <see cref="TaskSettings"/> its settings and list its descriptor
/// here.
/// </summary>
public static class TaskRegistry
{
    private static readonly ImmutableArray<TaskDescriptor<TaskSettings>> Tasks =
    [
        Describe(SymbolRulesTask.Descriptor, settings => settings.SymbolRules),
        Describe(ArithmeticTask.Descriptor, settings => settings.Arithmetic),
        Describe(MazeTask.Descriptor, settings => settings.Maze),
        Describe(JsonlTask.Descriptor, settings => settings.Jsonl),
        new(MixtureTask.TaskName, (settings, prompts) =>
            new MixtureTask(settings.Mixture.Parts.Select(part => PartOf(part, settings, prompts)))
        ),
    ];

    public static ImmutableArray<string> Names { get; } = [.. Tasks.Select(task => task.Name)];

    /// <param name="settings">The name of the task and its settings.</param>
    /// <param name="chat">Loads the model's chat template, and returns null if it has none; null if there is no model.</param>
    /// <param name="model">Names the model in errors.</param>
    /// <exception cref="ArgumentException">The name is unknown, or a setting is out of range.</exception>
    /// <exception cref="InvalidDataException">A data set cannot be read; the message names the file, the line and the fix.</exception>
    public static ITask Create(TaskSettings settings, Func<IChatFormat?>? chat = null, string model = "the model")
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Find(settings).Create(settings, new PromptSource(settings.Prompt, chat, model));
    }

    /// <summary>Creates the task's own verifier, <c>builtin</c>.</summary>
    /// <exception cref="ArgumentException">The name is unknown, or the task has no verifier.</exception>
    public static IVerifier CreateVerifier(TaskSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Find(settings).CreateVerifier?.Invoke(settings)
            ?? throw new ArgumentException(
                $"Task '{settings.Name}' has no verifier {BuiltinVerifier.VerifierName}; set verification.verifier to another one, such as "
                    + "numeric or math.",
                nameof(settings)
            );
    }

    private static (string Name, ITask Task, double Weight) PartOf(MixturePart part, TaskSettings settings, PromptSource prompts) =>
        (part.Name, new JsonlTask(settings.Jsonl with { Path = part.Path, HeldOutPath = null }, prompts), part.Weight);

    private static TaskDescriptor<TaskSettings> Find(TaskSettings settings) =>
        Tasks.FirstOrDefault(task => task.Name == settings.Name)
        ?? throw new ArgumentException($"Task '{settings.Name}' is not known; known are {string.Join(", ", Names)}.", nameof(settings));

    private static TaskDescriptor<TaskSettings> Describe<TSettings>(
        TaskDescriptor<TSettings> task,
        Func<TaskSettings, TSettings> settingsOf
    ) =>
        new(task.Name, (settings, prompts) => task.Create(settingsOf(settings), prompts))
        {
            CreateVerifier = task.CreateVerifier is { } create ? settings => create(settingsOf(settings)) : null,
        };
}
