using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Commands;

namespace ICPO.Actors.Host;

/// <summary>The command line: registers the commands, parses the arguments and maps errors to exit codes.</summary>
internal static class IcpoCommandLine
{
    public static async Task<int> RunAsync(string[] args, Terminal terminal, StopSignals signals)
    {
        try
        {
            ParseResult parsed = Parse(CreateRoot(terminal, signals), args);
            var invocation = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = terminal.Out,
                Error = terminal.Error,
            };
            return await parsed.InvokeAsync(invocation, signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            terminal.WriteError("stopped.");
            return ExitCode.Stopped;
        }
        catch (Exception e)
        {
            return ErrorReporter.Report(e, terminal);
        }
    }

    /// <summary>Parses arguments; without any, the help is shown.</summary>
    /// <exception cref="UsageException">The arguments do not fit the command.</exception>
    internal static ParseResult Parse(RootCommand root, string[] args)
    {
        ParseResult parsed = root.Parse(args.Length > 0 ? args : ["--help"]);
        RequireValid(parsed, args);
        return parsed;
    }

    /// <summary>All commands.</summary>
    internal static RootCommand CreateRoot(Terminal terminal, StopSignals signals)
    {
        var root = new RootCommand(
            "Trains language models by asynchronous off-policy reinforcement learning from verifiable rewards (ICPO, arXiv 2510.26519)."
        )
        {
            TrainCommand.Create(terminal, signals),
            EvalCommand.Create(terminal, signals),
            GenerateCommand.Create(terminal, signals),
            ServeCommand.Create(terminal, signals),
            PretrainCommand.Create(terminal, signals),
            CompareCommand.Create(terminal, signals),
            NodeCommand.Create(terminal, signals),
            ClusterCommand.Create(terminal, signals),
            ConvertCommand.Create(terminal),
            TokenizeCommand.Create(terminal, signals),
            RenderCommand.Create(terminal, signals),
            VerifyCommand.Create(terminal, signals),
            ScoreCommand.Create(terminal, signals),
            LedgerCommand.Create(terminal),
            InspectCommand.Create(terminal),
            RunsCommand.Create(terminal),
            DashboardCommand.Create(terminal, signals),
            ReplayCommand.Create(terminal, signals),
            ConfigCommand.Create(terminal),
            DoctorCommand.Create(terminal),
        };
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    /// <exception cref="UsageException">The arguments do not fit the command.</exception>
    private static void RequireValid(ParseResult parsed, string[] args)
    {
        string help = $"See {Path(parsed.CommandResult)} --help";
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            string problem = parsed.UnmatchedTokens is [{ } token, ..]
                ? $"Unrecognized command or argument '{token}'"
                : parsed.Errors[^1].Message.Split(" as expected type")[0].TrimEnd('.');
            throw new UsageException($"{problem}. {help}.");
        }

        if (UnknownOption(parsed, args) is { } option)
        {
            throw new UsageException($"Unrecognized option '{option}'. {help}, or put -- before arguments that start with '--'.");
        }
    }

    /// <summary>The command as it is typed: <c>icpo config show</c>.</summary>
    private static string Path(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : "icpo";

    /// <summary>The parser treats an unknown option as an argument (a file or a prompt); this is intended only after <c>--</c>.</summary>
    private static string? UnknownOption(ParseResult parsed, string[] args) =>
        args.Contains("--")
            ? null
            : parsed
                .CommandResult.Children.OfType<ArgumentResult>()
                .SelectMany(a => a.Tokens)
                .Select(t => t.Value)
                .FirstOrDefault(t => t.Length > 2 && t.StartsWith("--", StringComparison.Ordinal) && char.IsAsciiLetter(t[2]));
}
