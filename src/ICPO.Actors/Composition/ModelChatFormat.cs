using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Modeling.Backend;
using ICPO.Jinja;
using ICPO.Tokenizers;
using ICPO.Tokenizers.ChatTemplates;

namespace ICPO.Actors.Composition;

/// <summary>Formats conversations with the chat template of a model.</summary>
internal sealed class ModelChatFormat : IChatFormat
{
    private readonly ChatTemplate _template;
    private readonly string _model;

    private ModelChatFormat(string model, ChatTemplate template, ImmutableArray<string> ends) =>
        (_model, _template, EndsOfTurn) = (model, template, ends);

    public ImmutableArray<string> EndsOfTurn { get; }

    /// <param name="model">A path for <see cref="ModelSource.Open"/>.</param>
    /// <returns>Null if the model has no chat template.</returns>
    /// <exception cref="InvalidDataException">
    /// The template does not parse, or the model has no end-of-turn token; states how to fix it.
    /// </exception>
    public static ModelChatFormat? Find(string model)
    {
        try
        {
            var source = ModelSource.Open(model);
            if (source.FindChatTemplate() is not { } template)
            {
                return null;
            }

            Tokenizer tokenizer = source.LoadTokenizer();
            ImmutableArray<string> ends = [.. source.Special.Eos.Select(id => tokenizer.Decode([id])).Where(text => text.Length > 0)];
            return ends.Length > 0
                ? new(model, template, ends)
                : throw new InvalidDataException(
                    $"{model}: no end-of-turn token; set eos_token_id in generation_config.json, or set task.prompt.style = plain."
                );
        }
        catch (TemplateException error)
        {
            throw Rejected(model, error);
        }
    }

    public string Prompt(ImmutableArray<ChatMessage> chat) => Render(chat, opensAnswer: true);

    public string Response(ImmutableArray<ChatMessage> chat, string answer)
    {
        (string prompt, string whole) = (Prompt(chat), Render(chat.Add(new ChatMessage("assistant", answer)), opensAnswer: false));

        // Some templates render the prompt for an answer differently from a complete answer; then use the answer and the end-of-turn token.
        string response = whole.StartsWith(prompt, StringComparison.Ordinal) ? whole[prompt.Length..] : answer;
        (string end, int at) = EndsOfTurn.Select(e => (End: e, At: response.LastIndexOf(e, StringComparison.Ordinal))).MaxBy(e => e.At);
        return at < 0 ? response.TrimEnd('\n') + EndsOfTurn[0] : response[..(at + end.Length)];
    }

    private string Render(ImmutableArray<ChatMessage> chat, bool opensAnswer)
    {
        try
        {
            JsonArray messages = [.. chat.Select(m => new JsonObject { ["role"] = m.Role, ["content"] = m.Content })];
            return _template.Render(new ChatRequest(messages) { AddGenerationPrompt = opensAnswer }).Text;
        }
        catch (TemplateException error)
        {
            throw Rejected(_model, error);
        }
    }

    private static InvalidDataException Rejected(string model, TemplateException error) =>
        new(
            $"{model}: the chat template rejects the conversation: {error.Message.TrimEnd('.')}; correct the data set or set "
                + "task.prompt.style = plain.",
            error
        );
}
