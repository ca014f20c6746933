// An app that exits while two of its threads are inside libtorch and stay there. The argument says how: return, exit, or signal for
// SIGTERM. What it has registered to run at the exit writes a line.
using System.Runtime.InteropServices;
using ICPO.Actors.Modeling.Torch;
using TorchSharp;

TorchRuntime.EnsureLoaded();
using var computing = new CountdownEvent(2);
for (int thread = 0; thread < 2; thread++)
{
    new Thread(Compute) { IsBackground = true }.Start();
}

computing.Wait();
AppDomain.CurrentDomain.ProcessExit += (_, _) => Console.WriteLine("the app has saved its work");
Console.WriteLine("computing");
switch (args[0])
{
    case "exit":
        Environment.Exit(7);
        break;
    case "signal":
        using (PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Environment.Exit(7)))
        {
            Console.WriteLine("waiting");
            new ManualResetEventSlim().Wait();
        }

        break;
}

return 7;

void Compute()
{
    using NativeCalls.Scope call = NativeCalls.Begin();
    using torch.Tensor factor = torch.rand(512, 512);
    computing.Signal();
    while (true)
    {
        using torch.Tensor product = factor.matmul(factor);
    }
}
