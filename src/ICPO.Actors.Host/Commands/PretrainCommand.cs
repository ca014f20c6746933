using System.CommandLine;
using System.Globalization;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Pretraining;
using ICPO.Actors.Host.Views;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo pretrain</c>.</summary>
internal static class PretrainCommand
{
    public static Command Create(Terminal terminal, StopSignals signals)
    {
        var output = new Option<string>("--output", "-o")
        {
            Description = "Directory of the model; it is written when all is done.",
            HelpName = "DIR",
            DefaultValueFactory = _ => Path.Combine("models", "symbol-rules"),
        };
        var seed = new Option<ulong>("--seed", "-s")
        {
            Description = "Seed of weights and data; 1 is the bundled model's.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var command = new ExampledCommand(
            "pretrain",
            "Makes the base model of the built-in task from nothing: under ten minutes on one core, the same weights for the same seed.",
            "icpo pretrain --output models/symbol-rules --seed 1"
        )
        {
            output,
            seed,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                string directory = parsed.GetRequiredValue(output);
                BaseModelRecord record = await BaseModelRecipe.RunAsync(
                    directory,
                    parsed.GetValue(seed),
                    progress => Say(progress, terminal.Out),
                    signals.Token
                );
                foreach (MeasuredAccuracy measured in record.Accuracies)
                {
                    terminal.Out.WriteLine(
                        $"{measured.Split} questions, {measured.Demonstrations}-shot: {Sentences.Percent(measured.Accuracy)} (pass@8 {Sentences.Percent(measured.PassAtK.Values.Last())})"
                    );
                }

                terminal.Out.WriteLine(
                    $"Model: {Path.GetFullPath(directory)}, {Sentences.Count(record.Tokens)} tokens in {record.Seconds.ToString("0", CultureInfo.InvariantCulture)} s."
                );
            }
        );
        return command;
    }

    private static void Say(BaseModelProgress p, TextWriter output)
    {
        string loss = p.Loss is { } value ? $", loss {value.ToString("0.0000", CultureInfo.InvariantCulture)}" : "";
        output.WriteLine(
            $"{100.0 * p.Tokens / Math.Max(1, p.TotalTokens), 5:0.0} %  {Sentences.Count(p.Tokens)} tokens{loss}, {Sentences.Count(p.TokensPerSecond)} tok/s  {p.Message}"
        );
    }
}
