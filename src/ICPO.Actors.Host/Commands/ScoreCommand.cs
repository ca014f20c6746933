using System.CommandLine;
using System.Text.Json.Nodes;
using ICPO.Actors.Composition;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Scoring;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo score</c>.</summary>
internal static class ScoreCommand
{
    private const string Schema = """
        Input, one JSON object per line, with one of:
          text               a string; special tokens in it are recognized
          ids                an array of token ids
        and optionally one of:
          prompt             a string before the text that is not scored
          prompt_ids         an array of token ids before the text that is not scored
        The prompt, or the text if there is none, gets the special tokens that a call of the tokenizer adds, such as the begin of text.
        Output, one JSON object per line:
          ids                the token ids, without those of the prompt
          tokens             the text of each token
          log_probabilities  one per token; null for the first token if there is no prompt
          sum                the sum of the log-probabilities
        """;

    public static Command Create(Terminal terminal, StopSignals signals)
    {
        Argument<string?> input = CommonOptions.JsonInput();
        Option<string?> model = ModelOptions.Model();
        Option<string?> special = ModelOptions.SpecialTokens();
        var command = new CommandWithExamples(
            "score",
            "Computes the log-probability of each token of a text under a model (float32, temperature 1, natural logarithm).",
            [
                "echo '{\"prompt\": \"AB3142=\", \"text\": \"Aa2413\"}' | icpo score",
                "icpo score texts.jsonl --model runs/mine/checkpoints/update-000150",
            ],
            Schema
        )
        {
            input,
            model,
            special,
        };
        command.SetAction(
            async (parsed, _) =>
            {
                using var scorer = SequenceScorer.Load(
                    ModelOptions.Find(parsed, model) ?? BundledModel.Path,
                    ModelOptions.Rule(parsed, special)
                );
                terminal.WriteNotes(scorer.Notes);
                await JsonLineProcessor.ProcessAsync(
                    parsed.GetValue(input),
                    terminal,
                    line => Score(scorer, scorer.Tokenizer, line),
                    signals.Token
                );
            }
        );
        return command;
    }

    private static JsonObject Score(SequenceScorer scorer, PolicyTokenizer? tokenizer, JsonObject line)
    {
        JsonFields.RequireKnown(line, "text", "ids", "prompt", "prompt_ids");
        int[]? given = GetIds(line, "prompt", "prompt_ids", tokenizer, isFirst: true);
        int[] prompt = given ?? [];
        int[] ids = GetIds(line, "text", "ids", tokenizer, isFirst: given is null)
            ?? throw new InvalidDataException("text or ids is required.");
        if (ids.Length == 0)
        {
            throw new InvalidDataException("there is no token to score.");
        }

        float[] scores = scorer.Score([.. prompt, .. ids])[Math.Max(0, prompt.Length - 1)..];
        return new()
        {
            ["ids"] = JsonOutput.Array(ids, i => i),
            ["tokens"] = JsonOutput.Array(ids, i => tokenizer?.Decode([i])),
            ["log_probabilities"] = prompt.Length > 0 ? JsonOutput.Array(scores, s => s) : [null, .. scores.Select(s => (JsonNode?)s)],
            ["sum"] = scores.Sum(s => (double)s),
        };
    }

    /// <param name="line">The input.</param>
    /// <param name="textKey">Name of a text.</param>
    /// <param name="idsKey">Name of its ids, the alternative.</param>
    /// <param name="tokenizer">The model's; null if it has none.</param>
    /// <param name="isFirst">Whether nothing precedes the text, so that it gets the special tokens around a prompt.</param>
    private static int[]? GetIds(JsonObject line, string textKey, string idsKey, PolicyTokenizer? tokenizer, bool isFirst) =>
        (JsonFields.Get<string>(line, textKey, "a string"), JsonFields.GetTokenIds(line, idsKey)) switch
        {
            ({ } text, null) when tokenizer is not null => isFirst ? tokenizer.EncodePrompt(text, isChat: false) : tokenizer.Encode(text),
            ({ }, null) => throw new InvalidDataException($"the model has no tokenizer, so {textKey} is not supported; give {idsKey}."),
            ({ }, { }) => throw new InvalidDataException($"{textKey} and {idsKey} exclude each other; give one of them."),
            (null, var ids) => ids,
        };
}
