using System.CommandLine;
using ICPO.Actors.Configuration.Grids;

namespace ICPO.Actors.Host.Commands;

/// <summary>What the command line chooses, otherwise the comparison file, otherwise the default.</summary>
/// <param name="Parsed">The command line.</param>
/// <param name="Grid">The comparison file; null if there is none.</param>
internal sealed record CompareChoices(ParseResult Parsed, ComparisonGrid? Grid)
{
    public bool IsGiven(Option option) => Parsed.GetResult(option) is { Implicit: false };

    /// <param name="option">The option, which may have a default.</param>
    /// <param name="key">Its name in the section <c>compare</c>.</param>
    public string? Text(Option option, string key) =>
        !IsGiven(option) && Grid?.Options.GetValueOrDefault(key) is { } text ? text : Parsed.GetValue<string>(option.Name);
}
