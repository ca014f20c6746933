using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Modeling.Backend;
using ICPO.Jinja;
using ICPO.Tokenizers.ChatTemplates;

namespace ICPO.Actors.Inference;

/// <summary>Puts conversations to a model by its chat template. Thread-safe.</summary>
internal sealed class ModelChat(ModelSource model)
{
    /// <summary>Read when it is first needed: a template that cannot be read is no hindrance to generating from plain text.</summary>
    private readonly Lazy<ChatTemplate?> _template = new(() => Guard(model, model.FindChatTemplate));

    /// <exception cref="InvalidDataException">The template cannot be read.</exception>
    public bool HasTemplate => _template.Value is not null;

    /// <summary>The prompt for the assistant's next message; null if the model has no template.</summary>
    /// <exception cref="InvalidDataException">The template cannot be read, or refuses the conversation.</exception>
    public string? Render(ImmutableArray<ChatMessage> chat)
    {
        if (_template.Value is not { } template)
        {
            return null;
        }

        JsonArray messages = [.. chat.Select(m => new JsonObject { ["role"] = m.Role, ["content"] = m.Content })];
        return Guard(model, () => template.Render(new ChatRequest(messages) { AddGenerationPrompt = true }).Text);
    }

    private static T Guard<T>(ModelSource model, Func<T> render)
    {
        try
        {
            return render();
        }
        catch (TemplateException error)
        {
            throw new InvalidDataException($"{model.Path}: the chat template cannot render this conversation: {error.Message}", error);
        }
    }
}
