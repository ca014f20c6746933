using ICPO.Actors.Tasks;

namespace ICPO.Actors;

/// <summary>Reads the section <c>task</c>.</summary>
internal static class TaskSettingsBinding
{
    public static TaskSettings Bind(SettingsReader read)
    {
        string name = read.Choice("task.name", [.. TaskRegistry.Names]);
        string path = read.Text("task.jsonl.path");
        read.Require(name != JsonlTask.TaskName || path.Length > 0, "icpo.task.name is jsonl but icpo.task.jsonl.path is empty; name the file of the questions.");
        return new TaskSettings
        {
            Name = name,
            SymbolRules = new SymbolRulesSettings { Selection = read.Choice<DemonstrationSelection>("task.symbol-rules.selection") },
            Arithmetic = new ArithmeticSettings
            {
                Reward = read.Choice<ArithmeticReward>("task.arithmetic.reward"),
                Pool = read.Int("task.arithmetic.pool", 1, ArithmeticSettings.MostExamples),
                Demonstrations = read.Choice<ArithmeticDemonstrations>("task.arithmetic.demonstrations"),
            },
            Jsonl = new JsonlSettings
            {
                Path = path,
                HeldOutPath = Optional(read, "task.jsonl.held-out-path"),
                HeldOutShare = read.Number("task.jsonl.held-out-share", 0, 1, above: true),
                SplitSeed = read.Seed("task.jsonl.split-seed"),
                DemonstrationPath = Optional(read, "task.jsonl.demonstration-path"),
                DemonstrationMinimumLength = read.Int("task.jsonl.demonstration-minimum-length", 0),
                DemonstrationExcludes = read.List("task.jsonl.demonstration-excludes"),
                Fields = Fields(read, "task.jsonl.fields") with { Tags = read.List("task.jsonl.fields.tags") },
                DemonstrationFields = Fields(read, "task.jsonl.demonstration-fields") is { Question.Length: > 0 } fields ? fields : null,
                StopStrings = read.List("task.jsonl.stop-strings"),
                MaxTokens = read.Int("task.jsonl.max-tokens", 1),
            },
        };
    }

    private static FieldMapping Fields(SettingsReader read, string section) => new()
    {
        Question = read.Text(section + ".question"),
        Answer = read.Text(section + ".answer"),
        Solution = Optional(read, section + ".solution"),
        Id = Optional(read, section + ".id"),
    };

    private static string? Optional(SettingsReader read, string key) => read.Text(key) is { Length: > 0 } text ? text : null;
}
