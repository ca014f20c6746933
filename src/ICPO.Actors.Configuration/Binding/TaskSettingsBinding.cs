using System.Collections.Immutable;
using ICPO.Actors.Tasks;
using ICPO.Actors.Tasks.Arithmetic;
using ICPO.Actors.Tasks.Datasets;
using ICPO.Actors.Tasks.Mazes;
using ICPO.Actors.Tasks.Mixtures;
using ICPO.Actors.Tasks.Prompts;
using ICPO.Actors.Tasks.SymbolRules;

namespace ICPO.Actors.Configuration.Binding;

/// <summary>Reads the section <c>task</c>.</summary>
internal static class TaskSettingsBinding
{
    public static TaskSettings Bind(SettingsReader read)
    {
        string name = read.Choice("task.name", [.. TaskRegistry.Names]);
        string path = read.Text("task.jsonl.path");
        string? heldOut = Optional(read, "task.jsonl.held-out-path");
        string dataset = read.Text("task.dataset");
        read.Require(
            name != JsonlTask.TaskName || path.Length > 0 || heldOut is not null || dataset.Length > 0,
            "icpo.task.name is jsonl but icpo.task.jsonl.path is empty; set it to the file of the questions."
        );
        FieldMapping fields = Fields(read, "task.jsonl.fields") with
        {
            Tags = read.List("task.jsonl.fields.tags"),
            PassRate = Optional(read, "task.jsonl.fields.pass-rate"),
            RemoveCalculator = read.Flag("task.jsonl.fields.remove-calculator"),
            MissingAnswer = read.Choice<MissingAnswer>("task.jsonl.fields.missing-answer"),
            Placeholders = read.List("task.jsonl.fields.placeholders"),
        };
        string? rates = Optional(read, "task.jsonl.pass-rate-path");
        (double min, double max) = (read.Number("task.jsonl.minimum-pass-rate", 0, 1), read.Number("task.jsonl.maximum-pass-rate", 0, 1));
        read.Require(
            min <= max,
            $"icpo.task.jsonl.minimum-pass-rate = {min} is greater than icpo.task.jsonl.maximum-pass-rate = {max}; swap them."
        );
        read.Require(
            (min <= 0 && max >= 1) || rates is not null || fields.PassRate is not null,
            "icpo.task.jsonl.minimum-pass-rate or maximum-pass-rate filters by pass rate, but the questions have none; "
                + "set icpo.task.jsonl.fields.pass-rate or icpo.task.jsonl.pass-rate-path."
        );
        read.Require(
            name != MixtureTask.TaskName || (path.Length == 0 && heldOut is null),
            "icpo.task.name is mixture, whose data sets are icpo.task.mixture.parts; leave icpo.task.jsonl.path and held-out-path empty."
        );
        return new TaskSettings
        {
            Name = name,
            Mixture = new MixtureSettings { Parts = Parts(read, isRequired: name == MixtureTask.TaskName) },
            Dataset = dataset,
            BenchmarkFiles = read.List("task.benchmark-files"),
            Prompt = Prompt(read),
            SymbolRules = new SymbolRulesSettings { Selection = read.Choice<DemonstrationSelection>("task.symbol-rules.selection") },
            Arithmetic = new ArithmeticSettings
            {
                Reward = read.Choice<ArithmeticReward>("task.arithmetic.reward"),
                Pool = read.Int("task.arithmetic.pool", 1, ArithmeticSettings.MaxExamples),
                Demonstrations = read.Choice<ArithmeticDemonstrations>("task.arithmetic.demonstrations"),
            },
            Maze = Maze(read),
            Jsonl = new JsonlSettings
            {
                Path = path,
                HeldOutPath = heldOut,
                HeldOutShare = read.Number("task.jsonl.held-out-share", 0, 1, above: true),
                SplitSeed = read.Seed("task.jsonl.split-seed"),
                DemonstrationPath = Optional(read, "task.jsonl.demonstration-path"),
                DemonstrationMinimumLength = read.Int("task.jsonl.demonstration-minimum-length", 0, 1 << 24),
                DemonstrationExcludes = read.List("task.jsonl.demonstration-excludes"),
                Fields = fields,
                DemonstrationFields = Fields(read, "task.jsonl.demonstration-fields") is { Question.Length: > 0 } own
                    ? own with
                    {
                        RemoveCalculator = fields.RemoveCalculator,
                        MissingAnswer = fields.MissingAnswer,
                        Placeholders = fields.Placeholders,
                    }
                    : null,
                PassRatePath = rates,
                MinimumPassRate = min,
                MaximumPassRate = max,
                StopStrings = read.List("task.jsonl.stop-strings"),
                MaxTokens = read.Int("task.jsonl.max-tokens", 1, 1 << 24),
            },
        };
    }

    private static MazeSettings Maze(SettingsReader read)
    {
        var maze = new MazeSettings
        {
            Size = read.Int("task.maze.size", MazeSettings.MinSize, MazeSettings.MaxSize),
            Loops = read.Number("task.maze.loops", 0, 1),
            Reward = read.Choice<MazeReward>("task.maze.reward"),
            Format = read.Choice<MazeFormat>("task.maze.format"),
            Pool = read.Int("task.maze.pool", 1, MazeSettings.MaxPool),
            Demonstrations = read.Choice<MazeDemonstrations>("task.maze.demonstrations"),
        };
        read.Require(
            int.IsOddInteger(maze.Size),
            $"icpo.task.maze.size = {maze.Size} is even; rooms and the walls around them take an odd number, such as {maze.Size + 1}."
        );
        return maze;
    }

    private static ImmutableArray<MixturePart> Parts(SettingsReader read, bool isRequired)
    {
        const string Key = "task.mixture.parts";
        ImmutableArray<MixturePart?> parts = [.. read.List(Key).Select(MixturePart.Parse)];
        bool isValid = parts.All(part => part is not null) && (!isRequired || parts.Length > 0);
        read.Require(
            isValid,
            $"icpo.{Key} = [{string.Join(", ", read.List(Key).Select(part => $"\"{part}\""))}] is not allowed; it must be a list of data "
                + "files with weights above 0, such as [\"math.jsonl 0.7\", \"logic.jsonl 0.3\"]."
        );
        return isValid ? [.. parts.OfType<MixturePart>()] : [];
    }

    private static PromptSettings Prompt(SettingsReader read)
    {
        var prompt = new PromptSettings
        {
            Style = read.Choice<PromptStyle>("task.prompt.style"),
            System = read.Text("task.prompt.system"),
            Question = read.Text("task.prompt.question"),
        };
        read.Require(
            prompt.Question.Contains(PromptSettings.Placeholder, StringComparison.Ordinal),
            $"icpo.task.prompt.question does not contain {PromptSettings.Placeholder}, the placeholder of the question."
        );
        read.Require(
            prompt.System.Length == 0 || prompt.Style != PromptStyle.Plain,
            "icpo.task.prompt.system is set, but icpo.task.prompt.style = plain has no system message; set one of the two differently."
        );
        return prompt;
    }

    private static FieldMapping Fields(SettingsReader read, string section) =>
        new()
        {
            Question = read.Text(section + ".question"),
            Answer = read.Text(section + ".answer"),
            Form = read.Choice<AnswerForm>(section + ".answer-form"),
            Solution = Optional(read, section + ".solution"),
            Id = Optional(read, section + ".id"),
        };

    private static string? Optional(SettingsReader read, string key) => read.Text(key) is { Length: > 0 } text ? text : null;
}
