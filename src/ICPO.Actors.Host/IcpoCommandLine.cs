using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Commands;

namespace ICPO.Actors.Host;

/// <summary>The command line: which commands there are, and what exit code ends them.</summary>
internal static class IcpoCommandLine
{
    public static async Task<int> RunAsync(string[] args, Terminal terminal, StopSignals signals)
    {
        var root = new RootCommand(
            "icpo trains language models by asynchronous off-policy RL from verifiable rewards (ICPO, arXiv 2510.26519)."
        )
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
                throw new UsageException(
                    $"{parsed.Errors[^1].Message.Split(" as expected type")[0].TrimEnd('.')}. See {Path(parsed.CommandResult)} --help."
                );
            }

            if (Misspelt(parsed, args) is { } option)
            {
                throw new UsageException(
                    $"Unrecognized option '{option}'. See {Path(parsed.CommandResult)} --help, or write -- before what is no option."
                );
            }

            return await parsed.InvokeAsync(invocation, signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            terminal.Error.WriteLine("icpo: stopped.");
            return ExitCode.Stopped;
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
    private static string? Misspelt(ParseResult parsed, string[] args) =>
        args.Contains("--")
            ? null
            : parsed
                .CommandResult.Children.OfType<ArgumentResult>()
                .SelectMany(a => a.Tokens)
                .Select(t => t.Value)
                .FirstOrDefault(t => t.Length > 2 && t.StartsWith("--", StringComparison.Ordinal) && char.IsAsciiLetter(t[2]));
}
