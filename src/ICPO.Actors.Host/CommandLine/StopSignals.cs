using System.Runtime.InteropServices;

namespace ICPO.Actors.Host.CommandLine;

/// <summary>Ctrl-C and SIGTERM: the first signal requests a clean stop, the second one ends the process immediately.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly TextWriter _output;

    public StopSignals(TextWriter output)
    {
        _output = output;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];
    }

    /// <summary>Canceled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>True if the stop was requested by SIGTERM, which child processes do not receive; Ctrl-C reaches them too.</summary>
    public bool IsTerminated { get; private set; }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        if (_stop.IsCancellationRequested)
        {
            _output.WriteLine("icpo: ended immediately; committed updates are kept.");
            Environment.Exit(ExitCode.Stopped);
        }

        signal.Cancel = true;
        IsTerminated = signal.Signal == PosixSignal.SIGTERM;
        _stop.Cancel();
    }
}
