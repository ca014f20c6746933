using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ICPO.Actors.Composition;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Views;
using ICPO.Actors.Inference;

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
            ["icpo generate AB3142= --samples 4", "icpo generate \"Question: 1+1?\" --model runs/mine --set sampler.temperature=0.7"]
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
                await using var generation = ConfiguredGeneration.Open(settings);
                ITokenizer tokenizer = generation.Model.Tokenizer;
                FirstPrompt sent = generation.Put(parsed.GetRequiredValue(prompt));
                terminal.WriteNotes([.. generation.Notes, .. sent.Note is { } note ? [note] : Array.Empty<string>()]);
                IReadOnlyList<Completion> completions = await generation.GenerateAsync(sent, parsed.GetValue(samples), signals.Token);
                if (parsed.GetValue(json))
                {
                    terminal.Out.WriteLine(JsonOutput.ToText(JsonOutput.Array(completions, c => ToJson(c, tokenizer))));
                    return;
                }

                foreach ((int index, Completion completion) in completions.Index())
                {
                    Write(index + 1, completion, tokenizer, terminal.Out);
                }
            }
        );
        return command;
    }

    private static void Write(int number, Completion completion, ITokenizer tokenizer, TextWriter output)
    {
        string sum = Format.Fixed(completion.LogProbs.Sum(l => (double)l), 3);
        IEnumerable<string> tokens = completion.Tokens.Zip(completion.LogProbs, (token, logProb) =>
            $"{JsonSerializer.Serialize(tokenizer.Decode([token]))} {Format.Fixed(logProb, 3)}"
        );
        output.WriteLine(
            $"#{number}  {completion.Tokens.Length} tokens, log-probability {sum}, " + $"finish reason {JsonOutput.Name(completion.Finish)}"
        );
        output.WriteLine(tokenizer.Decode(completion.Tokens.AsSpan()));
        output.WriteLine($"  {string.Join("  ", tokens)}");
        output.WriteLine();
    }

    private static JsonObject ToJson(Completion completion, ITokenizer tokenizer) =>
        new()
        {
            ["text"] = tokenizer.Decode(completion.Tokens.AsSpan()),
            ["finish"] = completion.Finish.ToString().ToLowerInvariant(),
            ["log_probability"] = completion.LogProbs.Sum(l => (double)l),
            ["tokens"] = JsonOutput.Array(
                completion.Tokens.Zip(completion.LogProbs, (id, logProb) => (Id: id, LogProb: logProb)),
                token => new JsonObject
                {
                    ["id"] = token.Id,
                    ["text"] = tokenizer.Decode([token.Id]),
                    ["log_probability"] = token.LogProb,
                }
            ),
        };
}
