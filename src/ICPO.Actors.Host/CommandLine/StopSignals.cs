using System.Runtime.InteropServices;

namespace ICPO.Actors.Host.CommandLine;

/// <summary>
/// Ctrl-C, SIGTERM and SIGHUP: the first signal requests a clean stop, a second one ends the process immediately, unless it is SIGHUP:
/// shell and system both send that one when a terminal closes. Signals that the process was started to ignore stay ignored; SIGQUIT does
/// its default effect.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly TextWriter _output;

    /// <param name="output">Receives the message that the process ends.</param>
    /// <param name="ignored">Signals that get no handler.</param>
    public StopSignals(TextWriter output, IReadOnlySet<PosixSignal> ignored)
    {
        _output = new LenientWriter(output);
        _registrations =
        [
            .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }
                .Where(signal => !ignored.Contains(signal))
                .Select(signal => PosixSignalRegistration.Create(signal, Handle)),
        ];
    }

    /// <summary>Canceled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>The signal that requested the stop; null before.</summary>
    public PosixSignal? Received { get; private set; }

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
        bool isFirst = !_stop.IsCancellationRequested;
        if (!isFirst && signal.Signal != PosixSignal.SIGHUP)
        {
            _output.WriteLine("icpo: ended immediately; committed updates are kept.");
            Environment.Exit(ExitCode.Stopped);
        }

        signal.Cancel = true;
        if (isFirst)
        {
            Received = signal.Signal;
            _stop.Cancel();
        }
    }
}
