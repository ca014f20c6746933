using System.CommandLine;
using System.Text.Json.Nodes;
using ICPO.Actors.Composition;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Modeling.Scoring;
using ICPO.Tokenizers;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo score</c>.</summary>
internal static class ScoreCommand
{
    private const string Schema = """
        In, one JSON object a line, with one of:
          text               a string; special tokens in it are recognised, none are added
          ids                an array of token ids
        and optionally one of:
          prompt             a string that stands before it and is not scored
          prompt_ids         an array of token ids, likewise
        Out, one JSON object a line:
          ids                the token ids, without the prompt's
          tokens             the text of each token alone
          log_probabilities  one per token; null for a first token that nothing stands before
          sum                of the log-probabilities
        """;

    public static Command Create(Terminal terminal, StopSignals signals)
    {
        Argument<string?> input = JsonLines.Input();
        Option<string?> model = ModelOptions.Model();
        var command = new ExampledCommand(
            "score",
            "Log-probability of every token of a text under a model (float32, temperature 1, natural logarithm).",
            "echo '{\"prompt\": \"AB3142=\", \"text\": \"Aa2413\"}' | icpo score\nicpo score texts.jsonl --model runs/mine/checkpoints/update-000150",
            Schema
        )
        {
            input,
            model,
        };
        command.SetAction(
            async (parsed, _) =>
            {
                using var scorer = SequenceScorer.Load(parsed.GetValue(model) ?? BundledModel.Path);
                await JsonLines.TurnAsync(parsed.GetValue(input), terminal, line => Score(scorer, scorer.Tokenizer, line), signals.Token);
            }
        );
        return command;
    }

    private static JsonObject Score(SequenceScorer scorer, Tokenizer? tokenizer, JsonObject line)
    {
        JsonLines.Require(line, "text", "ids", "prompt", "prompt_ids");
        int[] prompt = Ids(line, "prompt", "prompt_ids", tokenizer) ?? [];
        int[] ids = Ids(line, "text", "ids", tokenizer) ?? throw new InvalidDataException("needs one of text and ids.");
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

    private static int[]? Ids(JsonObject line, string textKey, string idsKey, Tokenizer? tokenizer) =>
        (JsonLines.Get<string>(line, textKey, "a string"), JsonLines.Get<JsonArray>(line, idsKey, "an array of token ids")) switch
        {
            (null, null) => null,
            ({ } text, null) => (
                tokenizer ?? throw new InvalidDataException($"{textKey} needs a tokenizer, but the model has none; give {idsKey}.")
            ).Encode(text),
            (null, { } array) =>
            [
                .. array.Select(i =>
                    i is JsonValue value && value.TryGetValue(out int id)
                        ? id
                        : throw new InvalidDataException($"{idsKey} must be an array of token ids.")
                ),
            ],
            _ => throw new InvalidDataException($"has both {textKey} and {idsKey}; give one."),
        };
}
