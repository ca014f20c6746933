using System.CommandLine;
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
            Description = "Directory of the model; written at the end.",
            HelpName = "DIR",
            DefaultValueFactory = _ => Path.Combine("models", "symbol-rules"),
        };
        var seed = new Option<ulong>("--seed", "-s")
        {
            Description = "Seed of weights and data; the bundled model has seed 1.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var command = new CommandWithExamples(
            "pretrain",
            "Pretrains the base model of the built-in task: less than ten minutes on one core, reproducible from the seed.",
            ["icpo pretrain --output models/symbol-rules --seed 1"]
        )
        {
            output,
            seed,
        };
        command.SetAction(
            async (parsed, _) =>
            {
                string directory = parsed.GetRequiredValue(output);
                BaseModelRecord record = await BaseModelRecipe.RunAsync(
                    directory,
                    parsed.GetValue(seed),
                    progress => Write(progress, terminal.Out),
                    signals.Token
                );
                foreach (MeasuredAccuracy measured in record.Accuracies)
                {
                    terminal.Out.WriteLine(
                        $"{measured.Split} questions, {measured.Demonstrations}-shot: {Format.Percent(measured.Accuracy)} "
                            + $"(pass@{measured.PassAtK.Keys.Last()} {Format.Percent(measured.PassAtK.Values.Last())})"
                    );
                }

                terminal.Out.WriteLine(
                    $"Model: {Path.GetFullPath(directory)}, {Format.Count(record.Tokens)} tokens in {Format.Fixed(record.Seconds, 0)} s."
                );
            }
        );
        return command;
    }

    private static void Write(BaseModelProgress p, TextWriter output)
    {
        string loss = p.Loss is { } value ? $", loss {Format.Fixed(value, 4)}" : "";
        output.WriteLine(
            $"{Format.Percent((double)p.Tokens / Math.Max(1, p.TotalTokens)), 7}  {Format.Count(p.Tokens)} tokens{loss}, "
                + $"{Format.Count(p.TokensPerSecond)} tok/s  {p.Message}"
        );
    }
}
