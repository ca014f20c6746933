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
        In, one JSON object a line, with one of:
          text     a string; special tokens in it are recognised
          ids      an array of token ids
        Out, one JSON object a line:
          ids      the token ids
          tokens   each token as the vocabulary writes it (null: no such id)
          pieces   the text each token adds (null: bytes that are not a whole character yet)
          decoded  the text of all ids; bytes that never become a character are U+FFFD
        """;

    public static Command Create(Terminal terminal, StopSignals signals)
    {
        Argument<string?> input = JsonLines.Input();
        var model = new Option<string?>("--model", "-m")
        {
            Description = "Hugging Face directory with tokenizer.json, that file, or a GGUF file; the bundled base model if left out.",
            HelpName = "PATH",
        };
        var special = new Option<bool>("--special")
        {
            Description = "Adds the special tokens that belong around a text, e.g. the begin of text.",
        };
        var skip = new Option<bool>("--skip-special") { Description = "Leaves special tokens out of pieces and decoded." };
        var command = new ExampledCommand(
            "tokenize",
            "Text to token ids and back by the model's tokenizer, as Hugging Face tokenizers has them.",
            "echo '{\"text\": \"AB3142=\"}' | icpo tokenize\nicpo tokenize texts.jsonl --model PATH --special",
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
                (bool add, bool leave) = (parsed.GetValue(special), parsed.GetValue(skip));
                await JsonLines.TurnAsync(parsed.GetValue(input), terminal, line => Tokenize(tokenizer, line, add, leave), signals.Token);
            }
        );
        return command;
    }

    private static JsonObject Tokenize(Tokenizer tokenizer, JsonObject line, bool special, bool skip)
    {
        JsonLines.Require(line, "text", "ids");
        var subwords = tokenizer as SubwordTokenizer;
        int[] ids = (JsonLines.Get<string>(line, "text", "a string"), JsonLines.Get<JsonArray>(line, "ids", "an array of token ids")) switch
        {
            ({ } text, null) => subwords?.Encode(text, special) ?? tokenizer.Encode(text),
            (null, { } array) =>
            [
                .. array.Select(i =>
                    i is JsonValue value && value.TryGetValue(out int id)
                        ? id
                        : throw new InvalidDataException("ids must be an array of token ids.")
                ),
            ],
            _ => throw new InvalidDataException("needs one of text and ids."),
        };
        TokenStream stream = subwords?.Stream(skip) ?? new TokenStream(i => tokenizer.Decode(i));
        return new()
        {
            ["ids"] = JsonOutput.Array(ids, i => i),
            ["tokens"] = JsonOutput.Array(ids, i => subwords is null ? tokenizer.Decode([i]) : subwords.Token(i)),
            ["pieces"] = JsonOutput.Array(ids, i => stream.Next(i)),
            ["decoded"] = subwords?.Decode(ids, skip) ?? tokenizer.Decode(ids),
        };
    }
}
