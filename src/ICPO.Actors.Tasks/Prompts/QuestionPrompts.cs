using System.Collections.Immutable;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Prompts;

/// <summary>
/// Puts questions in natural language: by the model's chat template, with demonstrations as earlier turns, or in the paper's plain text,
/// with demonstrations separated by two blank lines.
/// </summary>
public sealed class QuestionPrompts
{
    private readonly PromptSettings _settings;
    private readonly IChatFormat? _chat;
    private readonly IReadOnlyDictionary<string, ImmutableArray<ChatMessage>> _chats;

    private QuestionPrompts(
        PromptSettings settings,
        IChatFormat? chat,
        IReadOnlyDictionary<string, ImmutableArray<ChatMessage>> chats,
        ImmutableArray<string> notes
    ) => (_settings, _chat, _chats, Notes) = (settings, chat, chats, notes);

    /// <summary>True if prompts use the model's chat template, false for plain text.</summary>
    public bool AsksChats => _chat is not null;

    /// <summary>Settings that have no effect with this model, one sentence each.</summary>
    public ImmutableArray<string> Notes { get; }

    /// <summary>Chooses the form of prompts.</summary>
    /// <param name="source">The settings and the model's chat template.</param>
    /// <param name="chats">The conversations of questions that are chats, by their text.</param>
    /// <exception cref="InvalidDataException">The settings ask for a chat template, but the model has none.</exception>
    public static QuestionPrompts Create(PromptSource source, IReadOnlyDictionary<string, ImmutableArray<ChatMessage>>? chats = null)
    {
        chats ??= ImmutableDictionary<string, ImmutableArray<ChatMessage>>.Empty;
        PromptStyle style = source.Settings.Style;
        bool mayChat = style is PromptStyle.Auto or PromptStyle.Chat || (style is PromptStyle.ByData && chats.Count > 0);
        IChatFormat? chat = mayChat ? source.Chat?.Invoke() : null;
        if (mayChat && chat is null && style is not PromptStyle.Auto)
        {
            string what = style is PromptStyle.Chat ? "task.prompt.style is chat" : "the questions are chats";
            throw new InvalidDataException(
                $"{source.Model} has no chat template, but {what}; use a model that has one, or set task.prompt.style = plain."
            );
        }

        return new(source.Settings, chat, chats, chat is null ? Unused(source, chats.Count > 0) : []);
    }

    /// <summary>The prompt of a question.</summary>
    /// <param name="question">As the task has it.</param>
    /// <param name="demonstrations">Solved examples, first to last.</param>
    /// <exception cref="InvalidDataException">The chat template refuses the conversation.</exception>
    public string Prompt(string question, ImmutableArray<Demonstration> demonstrations)
    {
        if (_chat is null)
        {
            return string.Concat(
                demonstrations
                    .Select(d => $"Question: {Text(d.Question)}\nAnswer: {d.Solution}\n\n\n")
                    .Append($"Question: {Text(question)}\nAnswer:")
            );
        }

        ImmutableArray<ChatMessage> asked = Chat(question);
        return _chat.Prompt([
            .. asked.Where(IsSystem),
            .. demonstrations.SelectMany(d => Chat(d.Question).Where(m => !IsSystem(m)).Append(new ChatMessage("assistant", d.Solution))),
            .. asked.Where(m => !IsSystem(m)),
        ]);
    }

    /// <summary>A demonstration's solution as the model would write it after the prompt.</summary>
    /// <param name="demonstration">The example.</param>
    /// <param name="end">Ends a response in plain text.</param>
    /// <exception cref="InvalidDataException">The chat template refuses the conversation.</exception>
    public string Response(Demonstration demonstration, string? end) =>
        _chat?.Response(Chat(demonstration.Question), demonstration.Solution) ?? $" {demonstration.Solution}{end}";

    /// <summary>The ends of a response: the model's end of turn in a chat, and the task's stop strings.</summary>
    public ImmutableArray<string> StopStrings(ImmutableArray<string> strings) =>
        _chat is null ? strings : [.. _chat.EndsOfTurn.Concat(strings).Distinct()];

    private static ImmutableArray<string> Unused(PromptSource source, bool hasChats) =>
        [
            .. hasChats && source.Settings.Style is PromptStyle.Auto
                ? [$"{source.Model} has no chat template: the questions, which are chats, are put as plain text (task.prompt.style)."]
                : Array.Empty<string>(),
            .. source.Settings.System.Length > 0
                ? [$"{source.Model} is prompted in plain text, which has no system message: task.prompt.system is not used."]
                : Array.Empty<string>(),
        ];

    /// <summary>A question that is a chat is used unchanged; a text becomes a user turn.</summary>
    private ImmutableArray<ChatMessage> Chat(string question)
    {
        ImmutableArray<ChatMessage> chat = _chats.TryGetValue(question, out ImmutableArray<ChatMessage> known)
            ? known
            : [new ChatMessage("user", Text(question))];
        return _settings.System.Length > 0 && !chat.Any(IsSystem) ? chat.Insert(0, new ChatMessage("system", _settings.System)) : chat;
    }

    private string Text(string question) =>
        _chats.ContainsKey(question)
            ? question
            : _settings.Question.Replace(PromptSettings.Placeholder, question, StringComparison.Ordinal);

    private static bool IsSystem(ChatMessage message) => message.Role is "system" or "developer";
}
