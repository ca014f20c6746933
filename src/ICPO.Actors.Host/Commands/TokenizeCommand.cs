using System.CommandLine;
using System.Text.Json.Nodes;
using ICPO.Actors.Composition;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Modeling.Backend;
using ICPO.Tokenizers;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo tokenize</c>.</summary>
internal static class TokenizeCommand
{
    private const string Schema = """
        Input, one JSON object per line, with one of:
          text     a string; special tokens in it are recognized
          ids      an array of token ids
        Output, one JSON object per line:
          ids      the token ids
          tokens   each token as written in the vocabulary (null: unknown id)
          pieces   the text that each token adds (null: bytes of an incomplete character)
          decoded  the text of all ids; invalid bytes become U+FFFD
        """;

    public static Command Create(Terminal terminal, StopSignals signals)
    {
        Argument<string?> input = CommonOptions.JsonInput();
        var model = new Option<string?>("--model", "-m")
        {
            Description = "Hugging Face directory with tokenizer.json, that file, or a GGUF file; the bundled base model if omitted.",
            HelpName = "PATH",
        };
        var special = new Option<bool>("--special")
        {
            Description = "Add the special tokens that surround a text, such as the beginning-of-text token.",
        };
        var skip = new Option<bool>("--skip-special") { Description = "Omit special tokens from pieces and decoded." };
        var command = new CommandWithExamples(
            "tokenize",
            "Converts text to token ids and back with the model's tokenizer, as Hugging Face tokenizers does.",
            ["echo '{\"text\": \"AB3142=\"}' | icpo tokenize", "icpo tokenize texts.jsonl --model PATH --special"],
            Schema
        )
        {
            input,
            model,
            special,
            skip,
        };
        command.SetAction(
            async (parsed, _) =>
            {
                Tokenizer tokenizer = ModelTexts.LoadTokenizer(parsed.GetValue(model) ?? BundledModel.Path);
                (bool addSpecial, bool skipSpecial) = (parsed.GetValue(special), parsed.GetValue(skip));
                await JsonLineProcessor.ProcessAsync(
                    parsed.GetValue(input),
                    terminal,
                    line => Tokenize(tokenizer, line, addSpecial, skipSpecial),
                    signals.Token
                );
            }
        );
        return command;
    }

    private static JsonObject Tokenize(Tokenizer tokenizer, JsonObject line, bool addSpecial, bool skipSpecial)
    {
        JsonFields.RequireKnown(line, "text", "ids");
        var subwords = tokenizer as SubwordTokenizer;
        int[] ids = (JsonFields.Get<string>(line, "text", "a string"), JsonFields.GetTokenIds(line, "ids")) switch
        {
            ({ } text, null) => tokenizer.Encode(text, addSpecial),
            (null, { } given) => given,
            _ => throw new InvalidDataException("either text or ids is required."),
        };
        TokenStream stream = subwords?.Stream(skipSpecial) ?? new TokenStream(i => tokenizer.Decode(i));
        return new()
        {
            ["ids"] = JsonOutput.Array(ids, i => i),
            ["tokens"] = JsonOutput.Array(ids, i => subwords is null ? tokenizer.Decode([i]) : subwords.Token(i)),
            ["pieces"] = JsonOutput.Array(ids, i => stream.Next(i)),
            ["decoded"] = subwords?.Decode(ids, skipSpecial) ?? tokenizer.Decode(ids),
        };
    }
}
