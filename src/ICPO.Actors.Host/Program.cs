using ICPO.Actors.Host;

using var stopping = new StopSignals(Console.Error);
return await Cli.RunAsync(args, Terminal.Of(Console.Out, Console.Error), stopping);
