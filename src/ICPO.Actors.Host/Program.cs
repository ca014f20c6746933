using ICPO.Actors.Host;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Verification.Workers;

using var stopping = new StopSignals(Console.Error);

// Before the command line is built: a worker starts often, is nobody's command, and its output is not for people.
return args is [VerifierWorker.Command]
    ? VerifierWorker.Serve(Console.OpenStandardInput(), Console.OpenStandardOutput())
    : await IcpoCommandLine.RunAsync(args, Terminal.Of(Console.Out, Console.Error), stopping);
