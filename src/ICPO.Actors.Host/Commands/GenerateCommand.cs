using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ICPO.Actors.Composition;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Evaluation;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Views;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo generate</c>.</summary>
internal static class GenerateCommand
{
    public static Command Create(Terminal terminal, StopSignals signals)
    {
        var options = new ConfigurationOptions();
        var prompt = new Argument<string>("PROMPT")
        {
            Description =
                "The prompt: a user turn if the model has a chat template, otherwise sent unchanged (--set task.prompt.style=plain "
                + "sends it unchanged).",
        };
        Option<string?> model = ModelOptions.Model();
        Option<string?> adapter = ModelOptions.Adapter();
        Option<int> samples = CommonOptions.Samples("Number of responses.", 4);
        Option<bool> json = CommonOptions.Json();
        var command = new CommandWithExamples(
            "generate",
            "Generates responses to a prompt, with the log-probability of each token in nats.",
            [
                "icpo generate AB3142= --samples 4",
                "icpo generate \"Question: 1+1?\" --model runs/mine/checkpoints/update-000150 --set sampler.temperature=0.7",
            ]
        )
        {
            prompt,
            model,
            adapter,
            samples,
            json,
        };
        options.AddTo(command);
        command.SetAction(
            async (parsed, _) =>
            {
                UsageException.ThrowIfLess(parsed.GetValue(samples), 1, "--samples");
                RunSettings settings = options.Load(parsed, ModelOptions.Overrides(parsed, model, adapter)).Settings;
                await using var session = ModelSession.Open(settings, maxEngines: 1);
                FirstPrompt sent = session.Put(parsed.GetRequiredValue(prompt));
                terminal.WriteNotes([.. session.Notes, .. sent.Note is { } note ? [note] : Array.Empty<string>()]);
                IReadOnlyList<GeneratedSequence> sequences = await session.GenerateAsync(sent, parsed.GetValue(samples), signals.Token);
                if (parsed.GetValue(json))
                {
                    terminal.Out.WriteLine(JsonOutput.ToText(JsonOutput.Array(sequences, s => ToJson(s, session.Tokenizer))));
                    return;
                }

                foreach (GeneratedSequence sequence in sequences)
                {
                    Write(sequence, session.Tokenizer, terminal.Out);
                }
            }
        );
        return command;
    }

    private static void Write(GeneratedSequence sequence, ITokenizer tokenizer, TextWriter output)
    {
        string sum = Format.Fixed(sequence.LogProbs.Sum(l => (double)l), 3);
        IEnumerable<string> tokens = sequence.Tokens.Zip(sequence.LogProbs, (token, logProb) =>
            $"{JsonSerializer.Serialize(tokenizer.Decode([token]))} {Format.Fixed(logProb, 3)}"
        );
        output.WriteLine(
            $"#{sequence.Sibling + 1}  {sequence.Tokens.Length} tokens, log-probability {sum}, "
                + $"finish reason {JsonOutput.Name(sequence.Finish)}"
        );
        output.WriteLine(tokenizer.Decode(sequence.Tokens.AsSpan()));
        output.WriteLine($"  {string.Join("  ", tokens)}");
        output.WriteLine();
    }

    private static JsonObject ToJson(GeneratedSequence sequence, ITokenizer tokenizer) =>
        new()
        {
            ["text"] = tokenizer.Decode(sequence.Tokens.AsSpan()),
            ["finish"] = sequence.Finish.ToString().ToLowerInvariant(),
            ["log_probability"] = sequence.LogProbs.Sum(l => (double)l),
            ["tokens"] = JsonOutput.Array(
                sequence.Tokens.Zip(sequence.LogProbs, (id, logProb) => (Id: id, LogProb: logProb)),
                token => new JsonObject
                {
                    ["id"] = token.Id,
                    ["text"] = tokenizer.Decode([token.Id]),
                    ["log_probability"] = token.LogProb,
                }
            ),
        };
}
