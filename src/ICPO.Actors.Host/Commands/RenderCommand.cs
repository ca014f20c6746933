using System.CommandLine;
using System.Text.Json.Nodes;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Modeling.Backend;
using ICPO.Jinja;
using ICPO.Tokenizers.ChatTemplates;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo render</c>.</summary>
internal static class RenderCommand
{
    private const string Schema = """
        In, one JSON object a line:
          messages                array of {role, content, …}; required
          tools, documents        arrays; optional
          add_generation_prompt   true or false; left out: --generation-prompt
          continue_final_message  true or false; left out: false
          arguments               object of further variables, e.g. {"enable_thinking": false}; optional
        Out, one JSON object a line:
          prompt                  the text
          generations             [[start, end), …] in code points: what the template marks as the model's own
        """;

    public static Command Create(Terminal terminal, StopSignals signals)
    {
        Argument<string?> input = JsonLines.Input();
        var model = new Option<string>("--model", "-m")
        {
            Description = "Hugging Face directory with the chat template, or GGUF file.",
            HelpName = "PATH",
            Required = true,
        };
        var template = new Option<string?>("--template")
        {
            Description = "Which template, where the model has several; left out: default, and tool_use for lines with tools.",
            HelpName = "NAME",
        };
        var prompt = new Option<bool>("--generation-prompt")
        {
            Description = "Ends prompts with the head of the assistant's next message.",
        };
        var command = new ExampledCommand(
            "render",
            "Messages to prompts by the model's chat template, as Hugging Face transformers renders it.",
            "echo '{\"messages\": [{\"role\": \"user\", \"content\": \"2+2?\"}]}' | icpo render --model PATH --generation-prompt\nicpo render chats.jsonl --model PATH",
            Schema
        )
        {
            input,
            model,
            template,
            prompt,
        };
        command.SetAction(
            async (parsed, _) =>
            {
                ChatTemplate chat = Load(parsed.GetRequiredValue(model), parsed.GetValue(template));
                bool open = parsed.GetValue(prompt);
                await JsonLines.TurnAsync(parsed.GetValue(input), terminal, line => Render(chat, line, open), signals.Token);
            }
        );
        return command;
    }

    private static ChatTemplate Load(string model, string? name)
    {
        if (!Path.Exists(model))
        {
            throw new UsageException($"--model {model}: there is no such directory or file.");
        }

        try
        {
            return ModelTexts.LoadChatTemplate(model, name);
        }
        catch (TemplateException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static JsonObject Render(ChatTemplate chat, JsonObject line, bool open)
    {
        JsonLines.Require(line, "messages", "tools", "documents", "add_generation_prompt", "continue_final_message", "arguments");
        bool proceed = JsonLines.Get<bool?>(line, "continue_final_message", "true or false") ?? false;
        RenderedChat rendered = chat.Render(
            new(
                JsonLines.Get<JsonArray>(line, "messages", "an array of messages") ?? throw new InvalidDataException("messages is missing.")
            )
            {
                Tools = JsonLines.Get<JsonArray>(line, "tools", "an array"),
                Documents = JsonLines.Get<JsonArray>(line, "documents", "an array"),
                AddGenerationPrompt = JsonLines.Get<bool?>(line, "add_generation_prompt", "true or false") ?? (open && !proceed),
                ContinueFinalMessage = proceed,
                Arguments = JsonLines.Get<JsonObject>(line, "arguments", "an object") ?? [],
            }
        );
        return new()
        {
            ["prompt"] = rendered.Text,
            ["generations"] = JsonOutput.Array(rendered.Generations, g => new JsonArray(g.Start, g.End)),
        };
    }
}
