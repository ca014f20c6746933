using System.Text.Json;
using System.Text.Json.Nodes;
using ICPO.Jinja;
using ICPO.Jinja.Library;
using ICPO.Jinja.Rendering;
using ICPO.Jinja.Syntax;
using ICPO.Jinja.Values;

namespace ICPO.Tokenizers.ChatTemplates;

/// <summary>A conversation to render.</summary>
/// <param name="Messages">Objects with role, content and whatever else the template reads.</param>
public sealed record ChatRequest(JsonArray Messages)
{
    /// <summary>Tools as JSON schemas; null where there are none.</summary>
    public JsonArray? Tools { get; init; }

    /// <summary>Documents for retrieval; null where there are none.</summary>
    public JsonArray? Documents { get; init; }

    /// <summary>Whether the head of the assistant's next message follows.</summary>
    public bool AddGenerationPrompt { get; init; }

    /// <summary>Whether the last message is left open for the model to go on with it.</summary>
    public bool ContinueFinalMessage { get; init; }

    /// <summary>Further variables of the template, e.g. enable_thinking.</summary>
    public JsonObject Arguments { get; init; } = [];
}

/// <summary>A rendered conversation.</summary>
/// <param name="Text">The prompt.</param>
/// <param name="Generations">Where the template marks text of the model: [start, end) in code points, in the order of rendering.</param>
public sealed record RenderedChat(string Text, IReadOnlyList<(int Start, int End)> Generations);

/// <summary>
/// A chat template of Hugging Face, rendered as transformers' apply_chat_template does: a sandboxed Jinja2 with trim_blocks,
/// lstrip_blocks, loop controls, generation blocks, tojson, raise_exception and strftime_now. Thread-safe.
/// </summary>
public sealed class ChatTemplate
{
    private const string ContinuationTag = "CONTINUE_FINAL_MESSAGE_TAG ";
    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 1000 };
    private static readonly string[] ReasoningKeys = ["reasoning_content", "thinking", "reasoning"];

    private readonly string _name;
    private readonly Frame _frame;
    private readonly IReadOnlyDictionary<string, string> _specialTokens;
    private readonly TimeProvider _clock;

    private ChatTemplate(string name, Frame frame, IReadOnlyDictionary<string, string> specialTokens, TimeProvider clock)
    {
        (this._name, this._frame, this._specialTokens, this._clock) = (name, frame, specialTokens, clock);
    }

    /// <summary>Parses a template.</summary>
    /// <param name="source">The template.</param>
    /// <param name="name">Its name or file, for errors.</param>
    /// <param name="specialTokens">bos_token, eos_token and so on, as the template may name them.</param>
    /// <param name="clock">What strftime_now tells; the system's if null.</param>
    /// <exception cref="TemplateException">It does not parse or needs a construct that is not supported; names the line.</exception>
    public static ChatTemplate Parse(
        string source,
        string name = "chat template",
        IReadOnlyDictionary<string, string>? specialTokens = null,
        TimeProvider? clock = null
    ) => new(name, TemplateParser.Parse(source, name), specialTokens ?? new Dictionary<string, string>(), clock ?? TimeProvider.System);

    /// <summary>What conversations with tools are rendered by instead, where the model has a template for them.</summary>
    internal ChatTemplate? ForTools { get; private init; }

    internal ChatTemplate WithTools(ChatTemplate? template) => new(_name, _frame, _specialTokens, _clock) { ForTools = template };

    /// <summary>The conversation as the model is to see it.</summary>
    /// <exception cref="TemplateException">The template refuses the conversation or fails.</exception>
    public RenderedChat Render(ChatRequest request)
    {
        if (request.Tools is not null && ForTools is not null)
        {
            return ForTools.Render(request);
        }

        if (request is { AddGenerationPrompt: true, ContinueFinalMessage: true })
        {
            throw Bad(
                "continue_final_message and add_generation_prompt are not compatible. Use continue_final_message when you want the model to continue the final message, "
                    + "and add_generation_prompt when you want to add a header that will prompt it to start a new assistant message instead."
            );
        }

        if (request.Messages.Count == 0)
        {
            throw Bad("the conversation has no messages");
        }

        var given = (PythonList)Value(request.Messages)!;
        object?[] messages = [.. given.Items.Select((m, i) => Message(m as PythonDict ?? throw Bad($"messages[{i}] is not an object")))];
        string? last = request.ContinueFinalMessage ? Continue((PythonDict)messages[^1]!) : null;
        var variables = new Dictionary<string, object?>(TemplateGlobals.All(_clock));
        foreach ((string? token, string? text) in _specialTokens)
        {
            variables[token] = text;
        }

        foreach ((string? argument, JsonNode? value) in request.Arguments)
        {
            variables[argument] = Value(value);
        }

        variables["messages"] = new PythonList(messages);
        variables["tools"] = Value(request.Tools);
        variables["documents"] = Value(request.Documents);
        variables["add_generation_prompt"] = request.AddGenerationPrompt;
        (string? rendered, IReadOnlyList<(int Start, int End)>? generations) = TemplateRenderer.Render(_name, _frame, variables);
        return new(last is null ? rendered : Cut(rendered, last), generations);
    }

    /// <summary>Renders with any variables; for templates that are no chat.</summary>
    internal string Render(JsonObject variables)
    {
        var all = new Dictionary<string, object?>(TemplateGlobals.All(_clock));
        foreach ((string? variable, JsonNode? value) in variables)
        {
            all[variable] = Value(value);
        }

        return TemplateRenderer.Render(_name, _frame, all).Text;
    }

    /// <summary>A message without the keys that are null, its reasoning under each of the names that templates read.</summary>
    private static PythonDict Message(PythonDict message)
    {
        var copy = new PythonDict();
        foreach ((object? key, object? value) in message.Entries.Where(e => e.Value is not null))
        {
            copy[key] = value;
        }

        if (ReasoningKeys.FirstOrDefault(name => copy.TryGet(name, out _)) is { } known && copy.TryGet(known, out object? reasoning))
        {
            foreach (string key in ReasoningKeys.Where(name => !copy.TryGet(name, out _)))
            {
                copy[key] = reasoning;
            }
        }

        return copy;
    }

    /// <summary>Marks the end of the last message's text; gives the text without the mark.</summary>
    private string Continue(PythonDict message)
    {
        (PythonDict? holder, string? key) =
            message.TryGet("content", out object? content) && content is PythonList parts
                ? (parts.Items.OfType<PythonDict>().LastOrDefault(part => part.TryGet("text", out _)), "text")
                : (message, "content");
        object? last = null;
        string text =
            holder?.TryGet(key, out last) == true && last is string said
                ? said
                : throw Bad("continue_final_message is set but the last message has no text to continue");
        holder![key] = text + ContinuationTag;
        return text;
    }

    private string Cut(string rendered, string last)
    {
        string tag = ContinuationTag.TrimEnd();
        int at = rendered.LastIndexOf(tag, StringComparison.Ordinal);
        if (at < 0 || !rendered.Contains(PythonMethods.Strip(last, null, true, true), StringComparison.Ordinal))
        {
            throw Bad("continue_final_message is set but the final message does not appear in the chat after applying the chat template");
        }

        return string.CompareOrdinal(rendered, at, ContinuationTag, 0, ContinuationTag.Length) == 0
            ? rendered[..at]
            : PythonText.TrimEnd(rendered[..at]);
    }

    private object? Value(JsonNode? node)
    {
        try
        {
            return node is null ? null : PythonJson.Read(JsonSerializer.SerializeToElement(node, Deep));
        }
        catch (Exception e) when (e is TemplateFault or InvalidOperationException or JsonException)
        {
            throw new TemplateException(_name, 0, $"a variable cannot be read: {e.Message}", inner: e);
        }
    }

    private TemplateException Bad(string what) => new(_name, 0, what);
}
