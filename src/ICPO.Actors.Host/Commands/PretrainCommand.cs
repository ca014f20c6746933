using System.CommandLine;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Pretraining;
using ICPO.Actors.Host.Views;
using ICPO.Actors.Tasks.Mazes;
using ICPO.Actors.Tasks.SymbolRules;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo pretrain</c>.</summary>
internal sealed class PretrainCommand(Terminal terminal, StopSignals signals)
{
    private readonly Option<string> _task = new("--task", "-t")
    {
        Description = $"The task: {SymbolRulesTask.TaskName} (the bundled model) or {MazeTask.TaskName}.",
        HelpName = $"{SymbolRulesTask.TaskName}|{MazeTask.TaskName}",
        DefaultValueFactory = _ => SymbolRulesTask.TaskName,
    };
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Directory of the model; written at the end. If omitted, models and the name of the task.",
        HelpName = "DIR",
    };
    private readonly Option<ulong> _seed = new("--seed", "-s")
    {
        Description = "Seed of weights and data; the bundled model has seed 1.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };
    private readonly Option<int> _size = MazeOption("--maze-size", "Cells of a side of the mazes (task.maze.size).", 9);
    private readonly Option<int> _hidden = MazeOption("--hidden", "Width of the model, a multiple of 64.", 128);
    private readonly Option<int> _tokens = MazeOption("--tokens", "Training tokens; fewer leave more to learn.", 3_000_000);

    public static Command Create(Terminal terminal, StopSignals signals) => new PretrainCommand(terminal, signals).Create();

    private CommandWithExamples Create()
    {
        var command = new CommandWithExamples(
            "pretrain",
            "Pretrains a small base model of a built-in task: that of symbol-rules takes less than ten minutes on one core. Reproducible "
                + "from the seed.",
            ["icpo pretrain --output models/symbol-rules --seed 1", "icpo pretrain --task maze --maze-size 9 --output models/maze"]
        )
        {
            _task,
            _output,
            _seed,
            _size,
            _hidden,
            _tokens,
        };
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static Option<int> MazeOption(string name, string description, int defaultValue) =>
        new(name)
        {
            Description = $"{description} Task maze only.",
            HelpName = "N",
            DefaultValueFactory = _ => defaultValue,
        };

    private async Task<int> RunAsync(ParseResult parsed)
    {
        string task = parsed.GetRequiredValue(_task);
        if (task is not (SymbolRulesTask.TaskName or MazeTask.TaskName))
        {
            throw new UsageException($"{_task.Name} {task}: must be {SymbolRulesTask.TaskName} or {MazeTask.TaskName}.");
        }

        string directory = parsed.GetValue(_output) ?? Path.Combine("models", task);
        if (task == MazeTask.TaskName)
        {
            await PretrainMazeAsync(parsed, directory);
            return ExitCode.Done;
        }

        Option<int>[] mazeOnly = [_size, _hidden, _tokens];
        if (mazeOnly.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } other)
        {
            throw new UsageException($"{other.Name} is for {_task.Name} {MazeTask.TaskName} only; remove it.");
        }

        await PretrainSymbolRulesAsync(parsed, directory);
        return ExitCode.Done;
    }

    private async Task PretrainSymbolRulesAsync(ParseResult parsed, string directory)
    {
        BaseModelRecord record = await BaseModelRecipe.RunAsync(directory, parsed.GetValue(_seed), Write, signals.Token);
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

    private async Task PretrainMazeAsync(ParseResult parsed, string directory)
    {
        UsageException.ThrowIfLess(parsed.GetValue(_tokens), 1, _tokens.Name);
        var plan = new MazeModelPlan(
            new MazeSettings { Size = parsed.GetValue(_size) },
            parsed.GetValue(_hidden),
            parsed.GetValue(_tokens),
            parsed.GetValue(_seed)
        );
        MazeModelRecord record = await MazeModelRecipe.RunAsync(directory, plan, Write, signals.Token);
        int most = record.PassAtK.Keys.Max();
        terminal.Out.WriteLine(
            $"held-out mazes: {Format.Percent(record.Accuracy)} (pass@{most} {Format.Percent(record.PassAtK[most])}), loss "
                + $"{Format.Fixed(record.Loss, 4)}"
        );
        terminal.Out.WriteLine(
            $"Model: {Path.GetFullPath(directory)}, {Format.Count(record.Tokens)} tokens. Train it with: icpo train --model {directory} "
                + $"--set task.name={MazeTask.TaskName} --set task.maze.size={record.Size}"
        );
    }

    private void Write(BaseModelProgress p)
    {
        string loss = p.Loss is { } value ? $", loss {Format.Fixed(value, 4)}" : "";
        terminal.Out.WriteLine(
            $"{Format.Percent((double)p.Tokens / Math.Max(1, p.TotalTokens)), 7}  {Format.Count(p.Tokens)} tokens{loss}, "
                + $"{Format.Count(p.TokensPerSecond)} tok/s  {p.Message}"
        );
    }
}
