using System.CommandLine;

namespace ICPO.Actors.Host.Commands;

/// <summary>How the commands that look at a model have it named.</summary>
internal static class ModelOptions
{
    public static Option<string?> Model() =>
        new("--model", "-m")
        {
            Description =
                "Hugging Face directory, GGUF file (or a directory with one) or adapter directory, such as a run's checkpoint; the bundled base model if left out.",
            HelpName = "PATH",
        };

    public static Option<string?> Adapter() =>
        new("--adapter") { Description = "PEFT directory of a LoRA to merge into the model.", HelpName = "DIR" };

    /// <summary>What the options set.</summary>
    public static string[] Overrides(ParseResult parsed, Option<string?> model, Option<string?> adapter) =>
        [
            .. new[] { ("model.path", parsed.GetValue(model)), ("model.adapter", parsed.GetValue(adapter)) }
                .Where(o => o.Item2 is not null)
                .Select(o => $"{o.Item1}={o.Item2}"),
        ];
}
