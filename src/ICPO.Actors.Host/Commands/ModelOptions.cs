using System.CommandLine;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Inference;
using ICPO.Actors.Modeling.Backend;

namespace ICPO.Actors.Host.Commands;

/// <summary>The options that select a model.</summary>
internal static class ModelOptions
{
    public static Option<string?> Model() =>
        new("--model", "-m")
        {
            Description =
                "Run directory (its newest checkpoint), checkpoint or other Hugging Face directory, GGUF file (or a directory with "
                + "one), or adapter directory; the bundled base model if omitted.",
            HelpName = "PATH",
        };

    public static Option<string?> Adapter() =>
        new("--adapter") { Description = "PEFT directory of a LoRA to merge into the model.", HelpName = "DIR" };

    /// <summary>Which special tokens are put around a text; <see cref="Rule"/> reads it.</summary>
    public static Option<string?> SpecialTokens() =>
        new("--special-tokens")
        {
            Description =
                "Special tokens around the prompt, or the text if there is none: those that the tokenizer adds (auto, the default), none, "
                + "or the begin of text alone (begin).",
            HelpName = "auto|none|begin",
        };

    /// <exception cref="UsageException">The value is not allowed.</exception>
    public static SpecialTokenRule Rule(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) switch
        {
            null or "auto" => SpecialTokenRule.Auto,
            "none" => SpecialTokenRule.None,
            "begin" => SpecialTokenRule.Begin,
            var other => throw new UsageException($"{option.Name} {other}: must be auto, none or begin."),
        };

    /// <summary>The model's files: the newest checkpoint if a run directory is named.</summary>
    /// <returns>Null if the option is omitted.</returns>
    /// <exception cref="InvalidDataException">The run has no checkpoint.</exception>
    public static string? Find(ParseResult parsed, Option<string?> model) =>
        parsed.GetValue(model) is { } path ? ModelLocation.Find(path) : null;

    /// <summary>The configuration values that the options set, as <c>key=value</c>.</summary>
    public static string[] Overrides(ParseResult parsed, Option<string?> model, Option<string?>? adapter = null) =>
        [.. Override("model.path", Find(parsed, model)), .. Override("model.adapter", adapter is null ? null : parsed.GetValue(adapter))];

    /// <summary>An option's value as a <c>key=value</c> override; none if the option is omitted.</summary>
    public static string[] Override(string key, string? value) => value is null ? [] : [$"{key}={value}"];
}
