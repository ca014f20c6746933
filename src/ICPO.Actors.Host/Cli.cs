using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace ICPO.Actors.Host;

/// <summary>The command line: which commands there are, and what exit code ends them.</summary>
internal static class Cli
{
    /// <summary>0 done, 1 a run failed, 2 bad input, 130 stopped on request (the run can be resumed).</summary>
    public const int Done = 0, Failed = 1, BadInput = 2, Stopped = 130;

    public static async Task<int> RunAsync(string[] args, Terminal terminal, StopSignals signals)
    {
        var root = new RootCommand("icpo trains language models by asynchronous off-policy RL from verifiable rewards (ICPO, arXiv 2510.26519).")
        {
            TrainCommand.Create(terminal, signals),
            EvalCommand.Create(terminal, signals),
            GenerateCommand.Create(terminal, signals),
            PretrainCommand.Create(terminal, signals),
            CompareCommand.Create(terminal, signals),
            ConvertCommand.Create(terminal),
            TokenizeCommand.Create(terminal, signals),
            RenderCommand.Create(terminal, signals),
            VerifyCommand.Create(terminal, signals),
            ScoreCommand.Create(terminal, signals),
            LedgerCommand.Create(terminal),
            InspectCommand.Create(terminal),
            RunsCommand.Create(terminal),
            ReplayCommand.Create(terminal, signals),
            ConfigCommand.Create(terminal),
        };
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExample((HelpAction)help.Action!);
        var invocation = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = terminal.Out,
            Error = terminal.Error,
        };
        try
        {
            ParseResult parsed = root.Parse(args.Length > 0 ? args : ["--help"]);
            if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
            {
                // The last error is the one about what was typed; "a command is required" comes before it.
                throw new UsageException($"{parsed.Errors[^1].Message.Split(" as expected type")[0].TrimEnd('.')}. See {Path(parsed.CommandResult)} --help.");
            }

            if (Misspelt(parsed, args) is { } option)
            {
                throw new UsageException($"Unrecognized option '{option}'. See {Path(parsed.CommandResult)} --help, or write -- before what is no option.");
            }

            return await parsed.InvokeAsync(invocation, signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            terminal.Error.WriteLine("icpo: stopped.");
            return Stopped;
        }
        catch (Exception e)
        {
            return Errors.Report(e, terminal.Error);
        }
    }

    /// <summary>The command as it is called: <c>icpo config show</c>.</summary>
    private static string Path(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : "icpo";

    /// <summary>An option that the command does not have passes for its file or prompt; behind <c>--</c> it is meant.</summary>
    private static string? Misspelt(ParseResult parsed, string[] args) => args.Contains("--") ? null
        : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value).FirstOrDefault(t => t.Length > 2 && t.StartsWith("--", StringComparison.Ordinal) && char.IsAsciiLetter(t[2]));

    /// <summary>The usual help, and below it the command's schema and example.</summary>
    private sealed class HelpWithExample(HelpAction usual) : SynchronousCommandLineAction
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
}

/// <summary>A command whose help shows an example, and where it reads and writes JSON, of what form.</summary>
internal sealed class ExampledCommand(string name, string description, string example, string? schema = null) : Command(name, description)
{
    public string Example { get; } = example;

    public string? Schema { get; } = schema;
}
