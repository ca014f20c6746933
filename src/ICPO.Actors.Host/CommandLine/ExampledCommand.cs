using System.CommandLine;

namespace ICPO.Actors.Host.CommandLine;

/// <summary>A command whose help shows an example, and where it reads and writes JSON, of what form.</summary>
internal sealed class ExampledCommand(string name, string description, string example, string? schema = null) : Command(name, description)
{
    public string Example { get; } = example;

    public string? Schema { get; } = schema;
}
