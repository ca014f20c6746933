using System.Runtime.InteropServices;
using ICPO.Actors.Host;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Verification.Workers;

// Before the runtime installs handlers for the console.
IReadOnlySet<PosixSignal> ignored = IgnoredSignals.Read();

// Before anything else is loaded: with too few files the rest of the program cannot be.
if (OpenFilesLimit.Problem() is { } problem)
{
    Console.Error.WriteLine($"icpo: {problem}");
    return ExitCode.BadInput;
}

using var signals = new StopSignals(Console.Error, ignored);

// Worker mode: handled before CLI setup, because workers start often; speaks a binary protocol on standard input and output.
return args is [VerifierWorker.Command]
    ? VerifierWorker.Serve(Console.OpenStandardInput(), Console.OpenStandardOutput())
    : await IcpoCommandLine.RunAsync(args, Terminal.Create(Console.Out, Console.Error), signals);
