using System.Collections.Immutable;

namespace ICPO.Actors.Configuration;

/// <summary>Configuration that cannot be used: every fault found, each a sentence that names the key or the place and the mend.</summary>
public sealed class ConfigurationException(ImmutableArray<string> problems)
    : Exception(problems.Length == 1 ? problems[0] : string.Join(Environment.NewLine, problems.Select(p => "- " + p)))
{
    public ConfigurationException(string problem)
        : this([problem]) { }

    /// <summary>One sentence per fault, in the order of the layers.</summary>
    public ImmutableArray<string> Problems { get; } = problems;
}
