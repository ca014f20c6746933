using ICPO.Actors.Host;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Verification.Workers;

using var signals = new StopSignals(Console.Error);

// Worker mode: handled before CLI setup, because workers start often; speaks a binary protocol on standard input and output.
return args is [VerifierWorker.Command]
    ? VerifierWorker.Serve(Console.OpenStandardInput(), Console.OpenStandardOutput())
    : await IcpoCommandLine.RunAsync(args, Terminal.Create(Console.Out, Console.Error), signals);
