using System.CommandLine;

namespace ICPO.Actors.Host.Commands;

/// <summary>Arguments and options that several commands have.</summary>
internal static class CommonOptions
{
    /// <summary>The directory of an existing run.</summary>
    public static Argument<string> RunDirectory() => new("DIR") { Description = "Run directory (the run may be active)." };

    /// <summary>The input of the commands that process JSON.</summary>
    public static Argument<string?> JsonInput() =>
        new("FILE")
        {
            Description = "JSON lines, optionally gzipped, a JSON array or Parquet; standard input if omitted or -.",
            Arity = ArgumentArity.ZeroOrOne,
        };

    public static Option<bool> Json() => new("--json") { Description = "Write JSON." };

    public static Option<int> Samples(string description, int defaultValue) =>
        new("--samples", "-n")
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => defaultValue,
        };

    /// <summary>The parts of a list separated by commas.</summary>
    public static string[] SplitList(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
