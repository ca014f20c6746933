using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks;
using ICPO.Actors.Tasks.Prompts;

namespace ICPO.Actors.Composition;

/// <summary>The configured task, with the model's chat template if its questions are chats.</summary>
internal static class ConfiguredTask
{
    /// <exception cref="InvalidDataException">The data set or the template cannot be read; names the file and the
    /// position.</exception>
    public static ITask Create(RunSettings settings) =>
        TaskRegistry.Create(settings.Task, () => ModelChatFormat.Find(ModelPath(settings)), ModelPath(settings));

    /// <summary>How a command's PROMPT is formatted for the model; null if it is sent unchanged.</summary>
    /// <exception cref="InvalidDataException">The template cannot be read, or is required but missing; names the file.</exception>
    public static QuestionPrompts? Chats(RunSettings settings)
    {
        string model = ModelPath(settings);
        var prompts = QuestionPrompts.Create(new PromptSource(settings.Task.Prompt, () => ModelChatFormat.Find(model), model));
        return prompts.AsksChats ? prompts : null;
    }

    public static string ModelPath(RunSettings settings) => settings.Model.Path.Length > 0 ? settings.Model.Path : BundledModel.Path;

    /// <exception cref="ArgumentException">There is nothing to train on.</exception>
    public static void RequireTraining(ITask task)
    {
        if (task.TrainingQuestions == 0)
        {
            throw new ArgumentException(
                "There are no training questions: task.jsonl.path is empty and only a held-out file is set; set task.jsonl.path."
            );
        }
    }
}
