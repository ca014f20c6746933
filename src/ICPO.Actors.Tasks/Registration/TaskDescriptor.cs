using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Prompts;

namespace ICPO.Actors.Tasks.Registration;

/// <summary>The description of a task in its own file; <c>TaskRegistry</c> lists one descriptor per line.</summary>
/// <typeparam name="TSettings">The task's settings.</typeparam>
/// <param name="Name">The name in configuration.</param>
/// <param name="Create">
/// Creates the task. The second argument determines how questions in natural language are formatted for the model.
/// </param>
public sealed record TaskDescriptor<TSettings>(string Name, Func<TSettings, PromptSource, ITask> Create)
{
    /// <summary>Creates the task's own verifier, <c>builtin</c>; null if it has none.</summary>
    public Func<TSettings, IVerifier>? CreateVerifier { get; init; }
}
