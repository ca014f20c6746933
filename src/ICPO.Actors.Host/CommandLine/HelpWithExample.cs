using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ICPO.Actors.Host.CommandLine;

/// <summary>The usual help, and below it the command's schema and example.</summary>
internal sealed class HelpWithExample(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int code = usual.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command as ExampledCommand;
        if (command?.Schema is { } schema)
        {
            output.WriteLine(schema + Environment.NewLine);
        }

        string example = command?.Example ?? "icpo train";
        output.WriteLine(example.Contains('\n') ? "Examples:" : "Example:");
        foreach (string line in example.Split('\n'))
        {
            output.WriteLine($"  {line}");
        }

        return code;
    }
}
