using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ICPO.Actors.Host.CommandLine;

/// <summary>Writes the default help followed by the schema and the examples of the command.</summary>
internal sealed class HelpWithExamples(HelpAction defaultHelp) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int code = defaultHelp.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command as CommandWithExamples;
        if (command?.Schema is { } schema)
        {
            output.WriteLine(schema + Environment.NewLine);
        }

        string[] examples = command?.Examples ?? ["icpo train"];
        output.WriteLine(examples.Length > 1 ? "Examples:" : "Example:");
        foreach (string example in examples)
        {
            output.WriteLine($"  {example}");
        }

        return code;
    }
}
