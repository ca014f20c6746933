using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Evaluation;
using ICPO.Actors.Host.CommandLine;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo generate</c>.</summary>
internal static class GenerateCommand
{
    public static Command Create(Terminal terminal, StopSignals signals)
    {
        var options = new ConfigurationOptions();
        var prompt = new Argument<string>("PROMPT") { Description = "The prompt as the model is to see it." };
        Option<string?> model = ModelOptions.Model();
        Option<string?> adapter = ModelOptions.Adapter();
        var samples = new Option<int>("--samples", "-n")
        {
            Description = "Responses.",
            HelpName = "N",
            DefaultValueFactory = _ => 4,
        };
        var json = new Option<bool>("--json") { Description = "Writes JSON." };
        var command = new ExampledCommand(
            "generate",
            "Several responses to a prompt, with the log-probability of every token in nats.",
            "icpo generate AB3142= --samples 4\nicpo generate \"Question: 1+1?\" --model runs/mine/checkpoints/update-000150 --set sampler.temperature=0.7"
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
            async (parsed, cancellation) =>
            {
                EvalCommand.AtLeast(1, parsed.GetValue(samples), "--samples");
                RunSettings settings = options.Load(parsed, ModelOptions.Overrides(parsed, model, adapter)).Settings;
                await using var session = ModelSession.Open(settings, most: 1);
                IReadOnlyList<GeneratedSequence> sequences = await session.GenerateAsync(
                    parsed.GetRequiredValue(prompt),
                    parsed.GetValue(samples),
                    signals.Token
                );
                if (parsed.GetValue(json))
                {
                    terminal.Out.WriteLine(
                        new JsonArray([.. sequences.Select(s => Json(s, session.Tokenizer))]).ToJsonString(JsonOutput.Indented)
                    );
                    return;
                }

                foreach (GeneratedSequence sequence in sequences)
                {
                    Say(sequence, session.Tokenizer, terminal.Out);
                }
            }
        );
        return command;
    }

    private static void Say(GeneratedSequence sequence, ITokenizer tokenizer, TextWriter output)
    {
        double sum = sequence.LogProbs.Sum(l => (double)l);
        output.WriteLine(
            $"#{sequence.Sibling + 1}  {sequence.Tokens.Length} tokens, log-probability {Number(sum)}, ended by {sequence.Finish.ToString().ToLowerInvariant()}"
        );
        output.WriteLine(tokenizer.Decode(sequence.Tokens.AsSpan()));
        output.WriteLine(
            "  "
                + string.Join(
                    "  ",
                    sequence.Tokens.Zip(sequence.LogProbs, (t, l) => $"{JsonSerializer.Serialize(tokenizer.Decode([t]))} {Number(l)}")
                )
        );
        output.WriteLine();
    }

    private static JsonObject Json(GeneratedSequence sequence, ITokenizer tokenizer) =>
        new()
        {
            ["text"] = tokenizer.Decode(sequence.Tokens.AsSpan()),
            ["finish"] = sequence.Finish.ToString().ToLowerInvariant(),
            ["log_probability"] = sequence.LogProbs.Sum(l => (double)l),
            ["tokens"] = new JsonArray([.. sequence.Tokens.Zip(sequence.LogProbs, (t, l) => new JsonObject
                    {
                        ["id"] = t,
                        ["text"] = tokenizer.Decode([t]),
                        ["log_probability"] = l,
                    })]),
        };

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
