using System.CommandLine;

namespace ICPO.Actors.Host.CommandLine;

/// <summary>A command whose help includes examples and, if it reads and writes JSON, the schema.</summary>
internal sealed class CommandWithExamples(string name, string description, string[] examples, string? schema = null)
    : Command(name, description)
{
    public string[] Examples { get; } = examples;

    public string? Schema { get; } = schema;
}
