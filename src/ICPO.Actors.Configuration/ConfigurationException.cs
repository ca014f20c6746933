using System.Collections.Immutable;

namespace ICPO.Actors.Configuration;

/// <summary>Invalid configuration. Each problem names the key or the position and the fix.</summary>
public sealed class ConfigurationException(ImmutableArray<string> problems)
    : Exception(problems.Length == 1 ? problems[0] : string.Join(Environment.NewLine, problems.Select(p => "- " + p)))
{
    public ConfigurationException(string problem)
        : this([problem]) { }

    /// <summary>All problems found, in the order of the layers.</summary>
    public ImmutableArray<string> Problems { get; } = problems;
}
