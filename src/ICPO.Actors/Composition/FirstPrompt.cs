using System.Collections.Immutable;
using System.Text.Json;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Modeling.Backend;

namespace ICPO.Actors.Composition;

/// <summary>The first prompt of a task, as it is sent to the model.</summary>
/// <param name="Question">The question alone.</param>
/// <param name="Text">The prompt.</param>
/// <param name="Ids">Its token ids, special tokens included.</param>
/// <param name="IsChat">Whether the model's chat template made it.</param>
public sealed record FirstPrompt(string Question, string Text, ImmutableArray<int> Ids, bool IsChat)
{
    private const int MaxShown = 400;

    /// <summary>The prompt of the first training question, or of the first held-out question if there are no training questions.</summary>
    /// <exception cref="ArgumentException">The tokenizer cannot encode it.</exception>
    /// <exception cref="InvalidDataException">The tokenizer cannot encode it, or the chat template refuses it.</exception>
    public static FirstPrompt Of(ITask task, ITokenizer tokenizer, ulong seed) =>
        Of(task.TrainingQuestions == 0 ? task.HeldOut(seed, 1)[0] : task.Train(seed, 0), task, tokenizer);

    /// <summary>The first prompt of a configuration; the model's weights are not read.</summary>
    /// <exception cref="ArgumentException">A setting does not fit the model or the task, or the tokenizer cannot encode the
    /// prompt.</exception>
    /// <exception cref="InvalidDataException">The model or the data set cannot be read; names the file and the place.</exception>
    public static FirstPrompt Read(RunSettings settings)
    {
        var source = ModelSource.Open(ConfiguredTask.ModelPath(settings));
        var tokenizer = PolicyTokenizer.Create(source.LoadTokenizer(), settings.Model.SpecialTokens, source.Special);
        return Of(ConfiguredTask.Create(settings), tokenizer, settings.Seed);
    }

    /// <summary>The prompt of a question.</summary>
    /// <exception cref="ArgumentException">The tokenizer cannot encode it.</exception>
    /// <exception cref="InvalidDataException">The tokenizer cannot encode it, or the chat template refuses it.</exception>
    public static FirstPrompt Of(Question question, ITask task, ITokenizer tokenizer) =>
        Of(question.Text, task.Prompt(question.Text, []), task.UsesChatTemplate, tokenizer);

    internal static FirstPrompt Of(string question, string text, bool isChat, ITokenizer tokenizer) =>
        new(question, text, [.. tokenizer.EncodePrompt(text, isChat)], isChat);

    /// <summary>One line that shows the prompt; null if it is the question itself.</summary>
    public string? Note
    {
        get
        {
            string shown = Text.Length > MaxShown ? Text[..MaxShown] + "…" : Text;
            return Text == Question
                ? null
                : $"The first prompt, {(IsChat ? "by the model's chat template" : "in plain text")}, {Ids.Length} tokens "
                    + $"(task.prompt): {JsonSerializer.Serialize(shown, Readable)}";
        }
    }

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
